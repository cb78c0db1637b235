package dev.jackpot.training.report;

import dev.jackpot.training.report.Curve.Point;
import dev.jackpot.training.report.CurveChart.CannotDrawException;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SheddingLog;
import dev.jackpot.training.run.SheddingMeasurement;
import dev.jackpot.training.sweep.table.CellOutcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the cells of a sweep have shed, beside one another; nothing where none was watched. */
final class SweepShedding {
  /** Lines that can be told from one another: each colour whole and dashed. */
  private static final int LINES = 2 * CurveChart.COLORS;

  private final Html html;
  private final List<Cell> cells;

  private SweepShedding(Html html, List<Cell> cells) {
    this.html = html;
    this.cells = cells;
  }

  /**
   * A cell whose last watched stage has measured something.
   *
   * @param lines of that stage, on all layers
   */
  private record Cell(CellOutcome outcome, Result result, List<SheddingMeasurement> lines) {
    SheddingMeasurement first() {
      return lines.get(0);
    }

    SheddingMeasurement last() {
      return lines.get(lines.size() - 1);
    }

    /** The choices, without the seed. */
    String name() {
      return outcome.cell().choices().isEmpty()
          ? "base"
          : String.join(" ", outcome.cell().choices());
    }

    Excess relative() {
      return Excess.relative(first(), c -> c.relative().get(0));
    }

    Excess global() {
      return Excess.global(first(), c -> c.global().get(c.global().size() - 1));
    }

    /** Accuracy after the stage less that before its first step. */
    double gain() {
      return last().moment().accuracy() - first().moment().accuracy();
    }
  }

  static void write(Html html, List<CellOutcome> outcomes) {
    List<Cell> cells = new ArrayList<>();
    for (CellOutcome outcome : outcomes) {
      outcome
          .result()
          .ifPresent(
              r -> {
                List<SheddingMeasurement> lines = lastStage(outcome);
                if (!lines.isEmpty()) {
                  cells.add(new Cell(outcome, r, lines));
                }
              });
    }
    if (!cells.isEmpty()) {
      new SweepShedding(html, cells).write();
    }
  }

  /** None where the cell's directory is gone: its result may be known all the same. */
  private static List<SheddingMeasurement> lastStage(CellOutcome outcome) {
    if (!RunDirectory.isBegun(outcome.directory())) {
      return List.of();
    }
    List<SheddingMeasurement> whole =
        SheddingLog.read(RunDirectory.open(outcome.directory()).shedding()).stream()
            .filter(SheddingMeasurement::isWhole)
            .toList();
    if (whole.isEmpty()) {
      return whole;
    }
    String last = whole.get(whole.size() - 1).moment().stage();
    return whole.stream().filter(m -> m.moment().stage().equals(last)).toList();
  }

  private void write() {
    html.section("Shedding")
        .element(
            "p class=\"caption\"",
            "Of each cell's last watched stage: S_rel at its largest ε and S_gmp at its largest q,"
                + " at the end; the excess is over the cell's control, or over the stage's start"
                + " where it has none; that of S_gmp is what it has moved more than the control"
                + " since the start. Amplification is the excess in weights over the pruned"
                + " weights. The gain is the accuracy at the stage's end less that of its first"
                + " masks.");
    table();
    try {
      List<String> drawn = new ArrayList<>();
      if (cells.stream().allMatch(c -> !c.last().relative().isEmpty())) {
        drawn.add(curves("Excess of S_rel by epoch, in points", Cell::relative, "rel"));
      }
      if (cells.stream().allMatch(c -> !c.last().quantiles().isEmpty())) {
        drawn.add(curves("Excess of S_gmp by epoch, in points", Cell::global, "gmp"));
      }
      drawn.add(
          scatter(
              "Accuracy over density",
              c -> 1 - c.result().sparsity(),
              c -> c.result().accuracy(),
              "density"));
      drawn.add(
          scatter(
              "Gain over the excess of S_rel", SweepShedding::relativeExcess, Cell::gain, "gain"));
      legend();
      undrawn();
      html.raw("<div class=\"figures\">");
      drawn.forEach(html::raw);
      html.raw("</div>");
    } catch (CannotDrawException e) {
      html.element("p class=\"note\"", CurveSection.cannotDraw(e, "the cells' shedding.jsonl"));
    }
    html.raw("</section>");
  }

  private static double relativeExcess(Cell cell) {
    return cell.last().relative().isEmpty() ? Double.NaN : cell.relative().at(cell.last());
  }

  private void table() {
    html.openTable(
        List.of(
            "Cell",
            "Seed",
            "Pruned",
            "Accuracy before",
            "after",
            "control's",
            "S_rel",
            "Excess",
            "Amplification",
            "S_gmp",
            "Excess",
            "Amplification"));
    for (Cell cell : cells) {
      SheddingMeasurement last = cell.last();
      List<String> row = new ArrayList<>();
      row.add(String.valueOf(cell.outcome().cell().seed()));
      row.add(Figures.percent((double) last.pruned() / last.size()));
      row.add(Figures.percent(cell.first().moment().accuracy()));
      row.add(Figures.percent(last.moment().accuracy()));
      row.add(last.control().map(c -> Figures.percent(c.accuracy())).orElse(Figures.ABSENT));
      add(row, last, !last.relative().isEmpty(), cell.relative());
      add(row, last, !last.quantiles().isEmpty(), cell.global());
      html.row(cell.name(), row);
    }
    html.closeTable();
  }

  private static void add(
      List<String> row, SheddingMeasurement last, boolean measured, Excess excess) {
    row.add(
        measured
            ? Figures.percent(SheddingSection.share(last.total(), excess.count()))
            : Figures.ABSENT);
    row.add(measured ? Figures.points(excess.at(last)) : Figures.ABSENT);
    row.add(measured ? SheddingSection.factor(excess.amplification(last)) : Figures.ABSENT);
  }

  /** The first cell of each choice: other seeds look alike. */
  private Map<String, Cell> named() {
    Map<String, Cell> named = new LinkedHashMap<>();
    for (Cell cell : cells) {
      if (named.size() < LINES || named.containsKey(cell.name())) {
        named.putIfAbsent(cell.name(), cell);
      }
    }
    return named;
  }

  private String curves(String title, Function<Cell, Excess> measure, String id)
      throws CannotDrawException {
    List<Curve> curves = new ArrayList<>();
    for (Cell cell : named().values()) {
      List<Point> points = new ArrayList<>();
      for (SheddingMeasurement m : cell.lines()) {
        double excess = measure.apply(cell).at(m);
        if (Double.isFinite(excess)) {
          points.add(new Point(m.moment().epoch(), excess));
        }
      }
      curves.add(
          new Curve(curves.size() % CurveChart.COLORS, curves.size() >= CurveChart.COLORS, points));
    }
    int epochs =
        cells.stream()
            .map(c -> c.last().moment().epoch())
            .max(Comparator.naturalOrder())
            .orElseThrow();
    return figure(
        title,
        CurveChart.draw(
            curves,
            new Curves.Range(0, epochs),
            v -> CurveSection.number(100 * v),
            "shedding-" + id,
            title));
  }

  private String scatter(
      String title, Function<Cell, Double> x, Function<Cell, Double> y, String id)
      throws CannotDrawException {
    Map<String, Integer> colors = new LinkedHashMap<>();
    Map<Integer, List<Point>> points = new LinkedHashMap<>();
    for (Cell cell : cells) {
      int color = colors.computeIfAbsent(cell.name(), n -> colors.size()) % CurveChart.COLORS;
      if (Double.isFinite(x.apply(cell)) && Double.isFinite(y.apply(cell))) {
        points
            .computeIfAbsent(color, c -> new ArrayList<>())
            .add(new Point(x.apply(cell), y.apply(cell)));
      }
    }
    List<ScatterChart.Cloud> clouds = new ArrayList<>();
    points.forEach((color, of) -> clouds.add(new ScatterChart.Cloud(color, of)));
    return clouds.isEmpty()
        ? ""
        : figure(title, ScatterChart.drawPlain(clouds, "shedding-" + id, title));
  }

  private static String figure(String caption, String svg) {
    return "<figure><figcaption>%s</figcaption>%s</figure>".formatted(Html.escape(caption), svg);
  }

  /** Says how many combinations have no line of their own. */
  private void undrawn() {
    long all = cells.stream().map(Cell::name).distinct().count();
    if (all > LINES) {
      html.element(
          "p class=\"note\"",
          "The curves show the first %d of %d combinations, which the legend names; the points show all, and from the %dth on in colours that are in use already. The table has every cell."
              .formatted(LINES, all, CurveChart.COLORS + 1));
    }
  }

  private void legend() {
    html.raw("<ul class=\"legend\">");
    int i = 0;
    for (String name : named().keySet()) {
      html.raw(
          "<li><span class=\"swatch\" style=\"background:var(--stage%d)\"></span>%s%s</li>"
              .formatted(
                  i % CurveChart.COLORS,
                  Html.escape(name),
                  i >= CurveChart.COLORS ? " (dashed)" : ""));
      i++;
    }
    html.raw("</ul>");
  }
}
