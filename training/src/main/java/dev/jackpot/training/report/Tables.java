package dev.jackpot.training.report;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.EvaluationSplit;
import dev.jackpot.training.run.Manifest;
import dev.jackpot.training.run.Result;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables of a report. */
final class Tables {
  private final Html html;

  Tables(Html html) {
    this.html = html;
  }

  /** What a run that has no result yet tells at its top. */
  void unfinished(Path root, Experiment experiment, List<EpochMetrics> metrics) {
    int wanted = ExperimentStages.of(experiment).stream().mapToInt(Stage::getEpochs).sum();
    html.raw("<div class=\"note\">")
        .element(
            "p",
            "This run is not finished: %s of %s epochs are done. If it was stopped, this continues it:"
                .formatted(Figures.count(metrics.size()), Figures.count(wanted)))
        .pre(Commands.resume(root))
        .raw("</div>");
  }

  /** Dense, starting mask, result: what each has and costs. */
  void outcome(Result r, Outcome outcome) {
    html.section("Result");
    html.openTable(
        List.of(
            "Network",
            "Accuracy",
            "Points vs. dense",
            "Weights kept",
            "Multiply-accumulates",
            "SavedModel"));
    if (outcome != Outcome.TRAINED && !Double.isNaN(r.denseAccuracy())) {
      html.row(
          "Dense", outcome(r.denseAccuracy(), r, r.parameters(), r.flopsDense(), r.denseBytes()));
    }
    if (!Double.isNaN(r.startAccuracy())) {
      html.row("Starting mask", outcome(r.startAccuracy(), r, r.nonzero(), r.flopsSparse(), 0));
    }
    html.mainRow(
        result(r, outcome), outcome(r.accuracy(), r, r.nonzero(), r.flopsSparse(), r.bytes()));
    html.closeTable();
    if (!Double.isNaN(r.validationAccuracy())) {
      html.element(
          "p class=\"caption\"",
          "Accuracies of this table are of the test images, measured once. On the validation images, which every "
              + "epoch is evaluated on, the result has %s."
                  .formatted(Figures.percent(r.validationAccuracy())));
    }
    if (r.skippedImages() > 0) {
      html.element(
          "p class=\"caption\"",
          "%s images could not be decoded; others stood in for them (the log names them)."
              .formatted(Figures.count(r.skippedImages())));
    }
    if (r.testImages() > 0) {
      html.element(
          "p class=\"caption\"",
          "Evaluation leaves damaged images out: test accuracies are of %s images."
              .formatted(Figures.count(r.testImages())));
    }
    if (!Double.isNaN(r.startAccuracy())) {
      html.element(
          "p class=\"caption\"",
          "Starting mask: the mask the search started from, with batch norm's averages estimated again and "
              + "nothing trained.");
    }
    html.raw("</section>");
  }

  /** {@code Jackpot: search}, the last stage's name behind what its network is called. */
  private static String result(Result r, Outcome outcome) {
    String word = outcome.word();
    String last = r.stages().isEmpty() ? word : r.stages().get(r.stages().size() - 1).name();
    return heading(word) + (last.equals(word) ? "" : ": " + last);
  }

  private static List<String> outcome(
      double accuracy, Result r, long kept, long flops, long bytes) {
    return List.of(
        Figures.percent(accuracy),
        accuracy == r.denseAccuracy()
            ? Figures.ABSENT
            : Figures.points(accuracy - r.denseAccuracy()),
        share(kept, r.parameters(), Figures.count(kept)),
        flops == 0 ? Figures.ABSENT : share(flops, r.flopsDense(), Figures.magnitude(flops)),
        bytes == 0 ? Figures.ABSENT : Figures.bytes(bytes));
  }

  private static String share(long part, long whole, String text) {
    return part == whole || whole == 0
        ? text
        : "%s\t(%s)".formatted(text, Figures.percent((double) part / whole));
  }

  /** Every stage of the config: how far it came and how good it was. */
  void stages(Experiment experiment, List<EpochMetrics> metrics, Optional<Result> result) {
    Map<String, List<EpochMetrics>> byStage =
        metrics.stream()
            .collect(
                Collectors.groupingBy(
                    EpochMetrics::stage, LinkedHashMap::new, Collectors.toList()));
    Map<String, Integer> epochs = new LinkedHashMap<>();
    for (Stage stage : ExperimentStages.of(experiment)) {
      epochs.merge(stage.getName(), stage.getEpochs(), Integer::sum);
    }
    byStage.keySet().forEach(name -> epochs.putIfAbsent(name, 0));
    html.section("Stages");
    html.openTable(
        List.of(
            "Stage",
            "Epochs",
            heading(split(metrics).accuracy()),
            "Best",
            "Loss",
            "Sparsity",
            "Images/s",
            "Time"));
    epochs.forEach(
        (name, wanted) -> stageRow(name, wanted, byStage.getOrDefault(name, List.of()), result));
    html.closeTable().raw("</section>");
  }

  private static EvaluationSplit split(List<EpochMetrics> metrics) {
    return metrics.isEmpty() ? EvaluationSplit.TEST : metrics.get(0).split();
  }

  /** With a capital. */
  static String heading(String words) {
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private void stageRow(
      String name, int wanted, List<EpochMetrics> lines, Optional<Result> result) {
    Optional<Result.StageResult> stage =
        result.stream()
            .flatMap(r -> r.stages().stream())
            .filter(s -> s.name().equals(name))
            .findFirst();
    if (lines.isEmpty()) {
      // one without epochs, or one that has not begun
      List<String> cells = new ArrayList<>(Collections.nCopies(7, Figures.ABSENT));
      if (wanted > 0) {
        cells.set(0, "0 of " + Figures.count(wanted));
      }
      stage.ifPresent(s -> cells.set(1, Figures.percent(s.accuracy())));
      stage.ifPresent(s -> cells.set(6, Figures.duration(s.seconds())));
      html.row(name, cells);
      return;
    }
    EpochMetrics last = lines.get(lines.size() - 1);
    double best =
        lines.stream()
            .mapToDouble(EpochMetrics::accuracy)
            .filter(Double::isFinite)
            .max()
            .orElse(Double.NaN);
    double rate =
        lines.stream()
            .mapToDouble(EpochMetrics::imagesPerSecond)
            .filter(Double::isFinite)
            .average()
            .orElse(Double.NaN);
    double measured =
        lines.stream().mapToDouble(EpochMetrics::seconds).filter(Double::isFinite).sum();
    double seconds = stage.map(Result.StageResult::seconds).orElse(measured);
    html.row(
        name,
        List.of(
            wanted == 0 || lines.size() == wanted
                ? Figures.count(lines.size())
                : "%s of %s".formatted(Figures.count(lines.size()), Figures.count(wanted)),
            Figures.percent(last.accuracy()),
            Figures.percent(best),
            Double.isNaN(last.loss())
                ? Figures.ABSENT
                : String.format(Locale.ROOT, "%.4f", last.loss()),
            Figures.percent(last.sparsity()),
            Double.isNaN(rate) ? Figures.ABSENT : Figures.count(Math.round(rate)),
            Figures.duration(seconds)));
  }

  /** Kept and all weights of each kernel, its density as a number and a bar. */
  void kernels(Result r) {
    html.section("Density by kernel");
    html.openTable(List.of("Kernel", "Density", "Kept", "All", "Shape"));
    for (Result.Kernel kernel : r.kernels()) {
      String shape = kernel.shape().stream().map(String::valueOf).collect(Collectors.joining("×"));
      html.raw("<tr>")
          .element("th scope=\"row\" class=\"name\"", kernel.name())
          .raw(
              String.format(
                  Locale.ROOT,
                  "<td><span class=\"bar\"><i style=\"width:%.2f%%\"></i></span><span class=\"figure\">%s</span></td>",
                  100 * kernel.density(),
                  Html.escape(Figures.percent(kernel.density()))))
          .element("td", Figures.count(kernel.kept()))
          .element("td", Figures.count(kernel.total()))
          .element("td", shape)
          .raw("</tr>");
    }
    html.closeTable().raw("</section>");
  }

  /** What the run ran on. */
  void manifest(Manifest m) {
    html.section("Ran on").raw("<dl>");
    entry("Jackpot", m.jackpotVersion());
    entry("TensorFlow", m.tensorflowVersion());
    entry("Java", m.javaVersion());
    entry("System", m.os());
    entry("Device", m.device());
    entry("Precision", m.precision());
    entry("Cores, threads", m.cores() + ", " + m.threads());
    entry("Seed", String.valueOf(m.seed()));
    entry("Config SHA-256", m.configSha256());
    entry("Data", m.data());
    entry("Data fingerprint", m.dataFingerprint());
    entry("Weights", m.weights());
    entry("Weights SHA-256", m.weightsSha256());
    entry("Begun", time(m.started()));
    entry("Continued", m.resumed().stream().map(Tables::time).collect(Collectors.joining(", ")));
    entry("Finished", m.finished().map(Tables::time).orElse(""));
    html.raw("</dl></section>");
  }

  private void entry(String name, String value) {
    if (!value.isEmpty()) {
      html.raw("<div>").element("dt", name).element("dd", value).raw("</div>");
    }
  }

  /** {@code 2026-01-31 12:00:00 UTC}. */
  static String time(Instant time) {
    return time.toString().replace('T', ' ').replace("Z", " UTC");
  }
}
