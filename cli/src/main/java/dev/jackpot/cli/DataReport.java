package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.training.data.DataCheck;
import dev.jackpot.training.data.Split;
import dev.jackpot.training.data.SplitCheck;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code jackpot data check} found, as text and as JSON. */
final class DataReport {
  /** Images that a list names before it only counts. */
  private static final int NAMED = 1000;

  private DataReport() {}

  static JsonObject json(DataCheck data) {
    JsonObject json =
        Json.object(
            "data", data.description(),
            "image", List.of(data.shape().height(), data.shape().width(), data.shape().channels()),
            "classes", data.classNames(),
            "train", json(data.train()),
            "test", json(data.test()),
            "classes_without_training_images", data.train().withoutImages(),
            "classes_without_test_images", data.test().withoutImages(),
            "overlaps", data.overlaps().stream().limit(NAMED).map(DataReport::json).toList(),
            "fingerprint", data.fingerprint());
    data.validation().ifPresent(check -> json.add("validation", json(check)));
    return json;
  }

  private static JsonObject json(SplitCheck split) {
    return Json.object(
        "images", split.images(),
        "per_class", split.perClass(),
        "height", json(split.heights()),
        "width", json(split.widths()),
        "mean", split.mean(),
        "std", split.std(),
        "unreadable_count", split.unreadable().size(),
        "unreadable", split.unreadable().stream().limit(NAMED).map(DataReport::json).toList());
  }

  private static JsonObject json(SplitCheck.Range range) {
    return Json.object("min", range.min(), "median", range.median(), "max", range.max());
  }

  private static JsonObject json(Split.Skipped image) {
    return Json.object("image", image.name(), "reason", image.reason());
  }

  private static JsonObject json(DataCheck.Overlap overlap) {
    return Json.object("held", overlap.held(), "train", overlap.train());
  }

  static void print(DataCheck data, PrintWriter out) {
    out.printf(
        "%s: %s training%s and %s test images of %s%n%n",
        data.description(),
        Figures.count(data.train().images()),
        data.validation().map(v -> ", " + Figures.count(v.images()) + " validation").orElse(""),
        Figures.count(data.test().images()),
        data.shape());
    out.print(classes(data));
    out.printf(
        "%nstored training images, pixels:%n  height: %s%n  width: %s%n",
        data.train().heights(), data.train().widths());
    out.printf("training pixels / 255, as evaluation shows them, per channel:%n");
    out.printf(
        "  mean: [%s]%n  std: [%s]%n", numbers(data.train().mean()), numbers(data.train().std()));
    list("classes without training images", names(data, data.train()), out);
    list("classes without test images", names(data, data.test()), out);
    list(
        "images that cannot be decoded",
        data.unreadable().stream().map(Split.Skipped::reason).toList(),
        out);
    list(
        "images that are in two splits, byte for byte",
        data.overlaps().stream().map(o -> o.held() + " is " + o.train()).toList(),
        out);
    out.printf("SHA-256 of the data: %s%n", data.fingerprint());
  }

  private static List<String> names(DataCheck data, SplitCheck split) {
    return split.withoutImages().stream()
        .map(c -> "%d, %s".formatted(c, data.classNames().get(c)))
        .toList();
  }

  private static Table classes(DataCheck data) {
    Table table = new Table().number("LABEL").text("CLASS").number("TRAIN");
    data.validation().ifPresent(v -> table.number("VALIDATION"));
    table.number("TEST");
    for (int c = 0; c < data.classNames().size(); c++) {
      int label = c;
      List<Object> row = new ArrayList<>(List.of(c, data.classNames().get(c)));
      row.add(Figures.count(data.train().perClass().get(c)));
      data.validation().ifPresent(v -> row.add(Figures.count(v.perClass().get(label))));
      row.add(Figures.count(data.test().perClass().get(c)));
      table.row(row.toArray());
    }
    return table;
  }

  private static void list(String what, List<String> lines, PrintWriter out) {
    if (lines.isEmpty()) {
      return;
    }
    out.printf("%s %s:%n", Figures.count(lines.size()), what);
    lines.stream().limit(NAMED).forEach(line -> out.printf("  %s%n", line));
    if (lines.size() > NAMED) {
      out.printf("  and %s more%n", Figures.count(lines.size() - NAMED));
    }
  }

  private static String numbers(List<Double> values) {
    return values.stream()
        .map(v -> String.format(Locale.ROOT, "%.4f", v))
        .collect(Collectors.joining(", "));
  }
}
