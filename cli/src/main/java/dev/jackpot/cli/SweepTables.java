package dev.jackpot.cli;

import com.google.gson.JsonElement;
import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.SweepCell;
import dev.jackpot.config.SweepPlan;
import dev.jackpot.config.proto.Axis;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.report.Figures;
import dev.jackpot.training.sweep.SweepFiles;
import dev.jackpot.training.sweep.SweepRunner;
import dev.jackpot.training.sweep.table.CellOutcome;
import dev.jackpot.training.sweep.table.CellOutcome.Status;
import dev.jackpot.training.sweep.table.Statistic;
import dev.jackpot.training.sweep.table.SweepTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What {@code jackpot sweep} prints. */
final class SweepTables {
  private SweepTables() {}

  /** The accuracies, and how many cells are missing. */
  static void print(SweepPlan plan, List<CellOutcome> outcomes, Path root, PrintWriter out) {
    SweepTable results = SweepTable.of(plan, outcomes);
    boolean compared = results.compared().isPresent();
    Table table = new Table();
    results.axes().forEach(axis -> table.text(axis.toUpperCase(Locale.ROOT)));
    table.number("SEEDS").number("ACCURACY").number("STD");
    if (compared) {
      table.number("GAIN").number("STD");
    }
    for (SweepTable.Row row : results.rows()) {
      List<Object> cells = new ArrayList<>(row.choices());
      cells.add(row.accuracy().count());
      cells.add(Figures.percent(row.accuracy().mean()));
      cells.add(spread(row.accuracy()));
      if (compared) {
        cells.add(row.gain().map(g -> Figures.points(g.mean())).orElse("baseline"));
        cells.add(row.gain().map(SweepTables::spread).orElse(Figures.ABSENT));
      }
      table.row(cells.toArray());
    }
    out.print(table);
    out.println();
    Map<Status, Integer> counts = new TreeMap<>();
    outcomes.forEach(o -> counts.merge(o.status(), 1, Integer::sum));
    List<String> words = new ArrayList<>();
    counts.forEach((status, count) -> words.add(count + " " + words(status)));
    out.printf("%s cells: %s%n", Figures.count(outcomes.size()), String.join(", ", words));
    out.println(SweepFiles.page(root));
  }

  private static String spread(Statistic statistic) {
    return Double.isNaN(statistic.deviation())
        ? Figures.ABSENT
        : String.format(Locale.ROOT, "%.2f", 100 * statistic.deviation());
  }

  /** One cell's end, for progress. */
  static String line(CellOutcome outcome) {
    String path = outcome.cell().path();
    return outcome
        .result()
        .map(
            r ->
                "%s: %s%s"
                    .formatted(
                        path,
                        Figures.percent(r.accuracy()),
                        outcome.status() == Status.KEPT
                            ? " (from before)"
                            : " in " + Figures.duration(r.seconds())))
        .orElseGet(
            () ->
                "%s: %s%s"
                    .formatted(
                        path,
                        words(outcome.status()),
                        outcome.message().isEmpty() ? "" : ": " + outcome.message()));
  }

  private static String words(Status status) {
    return switch (status) {
      case DONE -> "done";
      case KEPT -> "kept from before";
      case FAILED -> "failed";
      case IN_USE -> "run by another process";
      case STOPPED -> "stopped, to be continued";
      case OPEN -> "not begun";
    };
  }

  /** What would be run. */
  static void cells(SweepPlan plan, Path root, PrintWriter out) {
    Table table = new Table().text("CELL").number("EPOCHS").text("OVERRIDES");
    for (SweepCell cell : plan.cells()) {
      table.row(cell.path(), epochs(cell), String.join(" ", own(plan, cell)));
    }
    out.print(table);
    out.println();
    out.printf(
        "%s cells of %s, below %s%n",
        Figures.count(plan.cells().size()), plan.sweep().getBase(), root.resolve("cells"));
  }

  static JsonElement cellsJson(SweepPlan plan, Path root) {
    return Json.array(
        plan.cells().stream()
            .map(
                cell ->
                    Json.object(
                        "choices", choices(plan, cell),
                        "seed", cell.seed(),
                        "epochs", epochs(cell),
                        "overrides", cell.sets(),
                        "directory", SweepRunner.directory(root, cell).toString()))
            .toList());
  }

  private static Map<String, String> choices(SweepPlan plan, SweepCell cell) {
    Map<String, String> named = new LinkedHashMap<>();
    List<Axis> axes = plan.sweep().getAxesList();
    for (int i = 0; i < axes.size(); i++) {
      named.put(axes.get(i).getName(), cell.choices().get(i));
    }
    return named;
  }

  /** Without what every cell has. */
  private static List<String> own(SweepPlan plan, SweepCell cell) {
    int common = plan.sweep().getSetCount();
    List<String> own = new ArrayList<>();
    for (String set : cell.sets().subList(common, cell.sets().size())) {
      if (set.startsWith("seed=")) {
        break; // the seed and the name follow from the cell, the rest was given for all
      }
      own.add(set);
    }
    return own;
  }

  private static int epochs(SweepCell cell) {
    return ExperimentStages.of(cell.experiment()).stream().mapToInt(Stage::getEpochs).sum();
  }
}
