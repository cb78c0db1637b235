package dev.jackpot.training.report;

import dev.jackpot.config.SweepPlan;
import dev.jackpot.training.sweep.table.CellOutcome;
import dev.jackpot.training.sweep.table.Statistic;
import dev.jackpot.training.sweep.table.SweepTable;
import dev.jackpot.training.sweep.table.SweepTable.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/** The page of a sweep: its table, a chart of accuracies and one of gains, what is missing. */
public final class SweepPage {
  /** More groups than these are numbered below the chart. */
  private static final int MOST_NAMED = 6;

  private final SweepTable table;
  private final Html html;

  private SweepPage(SweepTable table, Html html) {
    this.table = table;
    this.html = html;
  }

  /** The whole page. */
  public static String of(SweepPlan plan, SweepTable table, List<CellOutcome> outcomes) {
    String name = plan.sweep().getName();
    Html html = HtmlReport.head(name);
    long complete = outcomes.stream().filter(o -> o.result().isPresent()).count();
    html.raw("<header>").element("h1", name);
    html.element(
            "p class=\"summary\"",
            "%s of %s cells complete · %s"
                .formatted(
                    Figures.count(complete),
                    Figures.count(outcomes.size()),
                    plan.sweep().getBase()))
        .raw("</header>");
    html.raw("<main>");
    SweepPage page = new SweepPage(table, html);
    page.rows();
    page.charts();
    SweepShedding.write(html, outcomes);
    page.incomplete(outcomes);
    return html.raw("</main>").raw("</body>").raw("</html>").toString();
  }

  private void rows() {
    html.section("Accuracy");
    List<String> headings = new ArrayList<>(table.axes());
    if (headings.isEmpty()) {
      headings.add("Experiment");
    }
    headings.addAll(List.of("Seeds", "Accuracy", "Std"));
    boolean compared = table.compared().isPresent();
    if (compared) {
      headings.addAll(List.of("Gain, points", "Std"));
    }
    html.openTable(headings);
    for (Row row : table.rows()) {
      List<String> cells = new ArrayList<>(row.choices());
      String first = cells.isEmpty() ? "base" : cells.remove(0);
      cells.add(Figures.count(row.accuracy().count()));
      cells.add(Figures.percent(row.accuracy().mean()));
      cells.add(spread(row.accuracy().deviation()));
      if (compared) {
        cells.add(row.gain().map(g -> Figures.points(g.mean())).orElse("baseline"));
        cells.add(row.gain().map(g -> spread(g.deviation())).orElse(Figures.ABSENT));
      }
      html.row(first, cells);
    }
    html.closeTable();
    html.element(
        "p class=\"caption\"",
        "Accuracy on the test images after the last epoch, mean and sample standard deviation over the seeds."
            + (compared ? " Gains are differences at the same seed." : ""));
    html.raw("</section>");
  }

  private static String spread(double deviation) {
    return Double.isNaN(deviation) ? Figures.ABSENT : "%.2f".formatted(100 * deviation);
  }

  private void charts() {
    Map<List<String>, Map<String, Row>> groups = groups();
    List<String> series = groups.values().iterator().next().keySet().stream().toList();
    List<String> names = groups.keySet().stream().map(g -> String.join(" ", g)).toList();
    List<String> ticks = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      ticks.add(names.size() > MOST_NAMED ? String.valueOf(i + 1) : names.get(i));
    }
    html.section("Charts");
    legend(series);
    if (names.size() > MOST_NAMED) {
      html.element("p class=\"caption\"", "1 to %d: %s".formatted(names.size(), numbered(names)));
    }
    try {
      List<String> drawn = new ArrayList<>();
      drawn.add(
          figure(
              "Accuracy in %, ± one standard deviation",
              GroupChart.draw(
                  ticks,
                  series(groups, series, Row::accuracy),
                  percent(),
                  "accuracy",
                  "Accuracy in %")));
      if (table.compared().isPresent() && measured(groups)) {
        drawn.add(
            figure(
                "Gain in points, ± one standard deviation",
                GroupChart.draw(
                    ticks,
                    series(groups, series, r -> r.gain().orElse(NONE)),
                    percent(),
                    "gain",
                    "Gain in points")));
      }
      html.raw("<div class=\"figures\">");
      drawn.forEach(html::raw);
      html.raw("</div>");
    } catch (CurveChart.CannotDrawException e) {
      html.element(
          "p class=\"note\"",
          "The charts could not be drawn: Java needs a font and its fontconfig on this machine (%s)."
              .formatted(e.getMessage()));
    }
    html.raw("</section>");
  }

  private static final Statistic NONE = new Statistic(0, Double.NaN, Double.NaN);

  private static boolean measured(Map<List<String>, Map<String, Row>> groups) {
    return groups.values().stream()
        .flatMap(g -> g.values().stream())
        .anyMatch(r -> r.gain().map(g -> g.count() > 0).orElse(false));
  }

  private static DoubleFunction<String> percent() {
    return v -> CurveSection.number(100 * v);
  }

  /** Rows by the choices of the axes that are not compared, then by the choice that is. */
  private Map<List<String>, Map<String, Row>> groups() {
    Map<List<String>, Map<String, Row>> groups = new LinkedHashMap<>();
    for (Row row : table.rows()) {
      List<String> group = new ArrayList<>(row.choices());
      String own =
          table.compared().isPresent() ? group.remove(table.compared().getAsInt()) : "accuracy";
      groups.computeIfAbsent(group, g -> new LinkedHashMap<>()).put(own, row);
    }
    return groups;
  }

  private static List<GroupChart.Series> series(
      Map<List<String>, Map<String, Row>> groups,
      List<String> names,
      Function<Row, Statistic> statistic) {
    List<GroupChart.Series> series = new ArrayList<>();
    for (int s = 0; s < names.size(); s++) {
      String name = names.get(s);
      List<Statistic> values =
          groups.values().stream().map(g -> statistic.apply(g.get(name))).toList();
      series.add(
          new GroupChart.Series(
              s,
              values.stream().mapToDouble(Statistic::mean).toArray(),
              values.stream().mapToDouble(Statistic::deviation).toArray()));
    }
    return series;
  }

  private static String figure(String caption, String svg) {
    return "<figure><figcaption>%s</figcaption>%s</figure>".formatted(Html.escape(caption), svg);
  }

  private static String numbered(List<String> names) {
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      numbered.add("%d %s".formatted(i + 1, names.get(i)));
    }
    return String.join(", ", numbered);
  }

  private void legend(List<String> series) {
    html.raw("<ul class=\"legend\">");
    for (int i = 0; i < series.size(); i++) {
      html.raw(
          "<li><span class=\"swatch\" style=\"background:var(--stage%d)\"></span>%s</li>"
              .formatted(i % CurveChart.COLORS, Html.escape(series.get(i))));
    }
    html.raw("</ul>");
  }

  private void incomplete(List<CellOutcome> outcomes) {
    List<CellOutcome> missing = outcomes.stream().filter(o -> o.result().isEmpty()).toList();
    if (missing.isEmpty()) {
      return;
    }
    html.section("Not complete");
    html.openTable(List.of("Cell", "Status", "Why"));
    for (CellOutcome outcome : missing) {
      html.row(
          outcome.cell().path(),
          List.of(
              outcome.status().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
              outcome.message().lines().findFirst().orElse("")));
    }
    html.closeTable().raw("</section>");
  }
}
