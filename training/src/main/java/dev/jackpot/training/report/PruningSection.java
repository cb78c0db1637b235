package dev.jackpot.training.report;

import dev.jackpot.training.report.Curve.Point;
import dev.jackpot.training.report.CurveChart.CannotDrawException;
import dev.jackpot.training.run.PruningRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What pruning schedules did, event by event; nothing if a run had none. */
final class PruningSection {
  private static final int ROWS = 40;
  private static final int FEWEST_FOR_A_CURVE = 3;

  private PruningSection() {}

  static void write(Html html, List<PruningRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    html.section("Pruning events").element("p class=\"caption\"", caption(records));
    table(html, records);
    if (records.size() >= FEWEST_FOR_A_CURVE) {
      curve(html, records);
    }
    html.raw("</section>");
  }

  private static String caption(List<PruningRecord> records) {
    String text =
        "What was pruned between two steps of the training, before the step that follows.";
    if (records.stream().anyMatch(r -> !Double.isNaN(r.lossAfter()))) {
      text +=
          " Losses are those of a fixed set of training images right before and right after, batch"
              + " norm by each batch's own statistics.";
    }
    return records.size() > ROWS
        ? text + " %d of %d events are shown.".formatted(ROWS, records.size())
        : text;
  }

  private static void table(Html html, List<PruningRecord> records) {
    html.openTable(
        List.of("After", "Why", "Weights pruned", "In all", "Loss before", "Change of the loss"));
    int rows = Math.min(ROWS, records.size());
    for (int row = 0; row < rows; row++) {
      int i = rows == 1 ? 0 : (int) ((long) row * (records.size() - 1) / (rows - 1));
      PruningRecord r = records.get(i);
      html.row(
          "%s, step %s".formatted(r.stage(), Figures.count(r.step())),
          List.of(
              r.kind(),
              Figures.count(r.prunedAfter() - r.prunedBefore()),
              Figures.percent(share(r.prunedAfter(), r)),
              Figures.change(r.lossBefore()).replace("+", ""),
              Figures.change(r.lossAfter() - r.lossBefore())));
    }
    html.closeTable();
  }

  private static double share(long pruned, PruningRecord of) {
    return of.size() == 0 ? 0 : (double) pruned / of.size();
  }

  /** The pruned share over the steps, a line for each stage. */
  private static void curve(Html html, List<PruningRecord> records) {
    Map<String, List<Point>> stages = new LinkedHashMap<>();
    for (PruningRecord r : records) {
      List<Point> points = stages.computeIfAbsent(r.stage(), s -> new ArrayList<>());
      points.add(new Point(r.step(), share(r.prunedBefore(), r)));
      points.add(new Point(r.step(), share(r.prunedAfter(), r)));
    }
    List<Curve> curves = new ArrayList<>();
    stages.values().forEach(points -> curves.add(new Curve(curves.size(), false, points)));
    Curves.Range range =
        new Curves.Range(records.get(0).step(), records.get(records.size() - 1).step());
    String title = "Pruned share of the prunable weights by training step, in %";
    try {
      String svg =
          CurveChart.draw(curves, range, v -> CurveSection.number(100 * v), "pruning", title);
      html.raw("<div class=\"figures\">")
          .raw("<figure><figcaption>%s</figcaption>%s</figure>".formatted(Html.escape(title), svg))
          .raw("</div>");
    } catch (CannotDrawException e) {
      html.element("p class=\"note\"", CurveSection.cannotDraw(e, "pruning.jsonl"));
    }
  }
}
