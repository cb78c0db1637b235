package dev.jackpot.training.report;

import dev.jackpot.training.report.Curve.Point;
import dev.jackpot.training.report.CurveChart.CannotDrawException;
import dev.jackpot.training.run.SwapMeasurement;
import dev.jackpot.training.run.SwapMeasurement.Alone;
import dev.jackpot.training.run.SwapMeasurement.Together;
import dev.jackpot.training.run.SwapRegion;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How swaps depend on one another, over all measurements of a run; nothing if there are none. */
final class DependencySection {
  private static final int ROWS = 20;

  private DependencySection() {}

  static void write(Html html, List<SwapMeasurement> measurements) {
    if (measurements.isEmpty()) {
      return;
    }
    html.section("Weight dependency")
        .element(
            "p class=\"caption\"",
            "D1 is the change of a mini-batch's loss that the first derivatives predict for swaps that the search would "
                + "make next, ΔL the change that another forward pass finds, and I(q) the ΔL of q swaps at once minus "
                + "the sum of what each of them does alone.");
    moments(html, measurements);
    Map<SwapRegion, Map<Integer, SwapStatistics>> statistics = statistics(measurements);
    regions(html, statistics);
    growth(html, statistics);
    figures(html, measurements);
    html.raw("</section>");
  }

  /** Single swaps by the time of their measurement; of many measurements some. */
  private static void moments(Html html, List<SwapMeasurement> measurements) {
    html.openTable(
        List.of(
            "Measured at",
            "Loss",
            "Single swaps",
            "ΔL above 0",
            "Sign not as D1",
            "Slope of ΔL over D1"));
    int rows = Math.min(ROWS, measurements.size());
    for (int row = 0; row < rows; row++) {
      int i = rows == 1 ? 0 : (int) ((long) row * (measurements.size() - 1) / (rows - 1));
      SwapMeasurement m = measurements.get(i);
      List<Together> single = alone(m);
      String where =
          "%s, step %s (epochs done: %s)"
              .formatted(m.stage(), Figures.count(m.step()), Figures.count(m.epoch()));
      List<String> cells = new ArrayList<>(List.of(Figures.change(m.loss()).replace("+", "")));
      if (single.isEmpty()) {
        cells.addAll(List.of("0", Figures.ABSENT, Figures.ABSENT, Figures.ABSENT));
      } else {
        SwapStatistics s = SwapStatistics.of(single);
        cells.addAll(
            List.of(
                Figures.count(s.cases()),
                Figures.percent(s.rising()),
                Figures.percent(s.wrong()),
                slope(s)));
      }
      html.row(where, cells);
    }
    html.closeTable();
  }

  private static List<Together> alone(SwapMeasurement m) {
    List<Together> single = new ArrayList<>();
    for (SwapMeasurement.Kernel kernel : m.kernels()) {
      for (Alone swap : kernel.swaps()) {
        single.add(new Together(1, swap.predicted(), swap.actual(), 0));
      }
    }
    return single;
  }

  private static String slope(SwapStatistics s) {
    return Double.isNaN(s.slope())
        ? Figures.ABSENT
        : String.format(Locale.ROOT, "%.2f", s.slope()).replace('-', '−');
  }

  private static Map<SwapRegion, Map<Integer, SwapStatistics>> statistics(
      List<SwapMeasurement> measurements) {
    Map<SwapRegion, Map<Integer, List<Together>>> cases = new EnumMap<>(SwapRegion.class);
    for (SwapMeasurement m : measurements) {
      for (SwapMeasurement.Group group : m.groups()) {
        for (Together point : group.points()) {
          cases
              .computeIfAbsent(group.region(), r -> new TreeMap<>())
              .computeIfAbsent(point.swaps(), q -> new ArrayList<>())
              .add(point);
        }
      }
    }
    Map<SwapRegion, Map<Integer, SwapStatistics>> statistics = new EnumMap<>(SwapRegion.class);
    cases.forEach(
        (region, byCount) -> {
          Map<Integer, SwapStatistics> of = new TreeMap<>();
          byCount.forEach((q, points) -> of.put(q, SwapStatistics.of(points)));
          statistics.put(region, of);
        });
    return statistics;
  }

  private static void regions(Html html, Map<SwapRegion, Map<Integer, SwapStatistics>> statistics) {
    html.openTable(
        List.of(
            "Swaps at once",
            "Cases",
            "D1",
            "ΔL",
            "I",
            "Size of I",
            "ΔL above 0",
            "Sign not as D1",
            "Slope of ΔL over D1"));
    statistics.forEach(
        (region, byCount) ->
            byCount.forEach(
                (q, s) ->
                    html.row(
                        "%s %s".formatted(Figures.count(q), words(region)),
                        List.of(
                            Figures.count(s.cases()),
                            Figures.change(s.predicted()),
                            Figures.change(s.actual()),
                            Figures.change(s.interaction()),
                            Figures.change(s.size()).replace("+", ""),
                            Figures.percent(s.rising()),
                            Figures.percent(s.wrong()),
                            slope(s)))));
    html.closeTable();
  }

  private static String words(SwapRegion region) {
    return switch (region) {
      case LAYER -> "in one kernel";
      case ADJACENT -> "in two that follow one another";
      case DISTANT -> "in two far apart";
      case ALL -> "in all kernels";
    };
  }

  private static void growth(Html html, Map<SwapRegion, Map<Integer, SwapStatistics>> statistics) {
    List<String> found = new ArrayList<>();
    statistics.forEach(
        (region, byCount) -> {
          Map<Integer, Double> sizes = new TreeMap<>();
          byCount.forEach((q, s) -> sizes.put(q, s.size()));
          double exponent = SwapStatistics.exponent(sizes);
          if (!Double.isNaN(exponent)) {
            found.add(String.format(Locale.ROOT, "q^%.2f %s", exponent, words(region)));
          }
        });
    if (!found.isEmpty()) {
      html.element(
          "p class=\"caption\"",
          "Means over all measurements. The size of I grows like %s: q^2 is what cross terms of one sign would give, q^1 those of random signs."
              .formatted(String.join(", ", found)));
    }
  }

  private static void figures(Html html, List<SwapMeasurement> measurements) {
    List<Point> single = new ArrayList<>();
    Map<SwapRegion, List<Point>> together = new EnumMap<>(SwapRegion.class);
    for (SwapMeasurement m : measurements) {
      alone(m).forEach(s -> single.add(new Point(s.predicted(), s.actual())));
      for (SwapMeasurement.Group group : m.groups()) {
        group.points().stream()
            .filter(p -> p.swaps() > 1)
            .forEach(
                p ->
                    together
                        .computeIfAbsent(group.region(), r -> new ArrayList<>())
                        .add(new Point(p.predicted(), p.actual())));
      }
    }
    List<ScatterChart.Cloud> clouds = new ArrayList<>();
    together.forEach(
        (region, points) -> clouds.add(new ScatterChart.Cloud(region.ordinal(), points)));
    try {
      StringBuilder drawn = new StringBuilder();
      if (!single.isEmpty()) {
        drawn.append(
            figure(
                List.of(new ScatterChart.Cloud(0, single)),
                "dependency0",
                "ΔL over D1, single swaps"));
      }
      if (!clouds.isEmpty()) {
        drawn.append(figure(clouds, "dependency1", "ΔL over D1, several swaps at once"));
      }
      if (drawn.length() > 0) {
        legend(html, together);
        html.raw("<div class=\"figures\">").raw(drawn.toString()).raw("</div>");
      }
    } catch (CannotDrawException e) {
      html.element("p class=\"note\"", CurveSection.cannotDraw(e, "dependency.jsonl"));
    }
  }

  private static String figure(List<ScatterChart.Cloud> clouds, String id, String title)
      throws CannotDrawException {
    return "<figure><figcaption>%s</figcaption>%s</figure>"
        .formatted(Html.escape(title), ScatterChart.draw(clouds, id, title));
  }

  private static void legend(Html html, Map<SwapRegion, List<Point>> together) {
    html.raw("<ul class=\"legend\">");
    together
        .keySet()
        .forEach(
            region ->
                html.raw(
                    "<li><span class=\"swatch\" style=\"background:var(--stage%d)\"></span>%s</li>"
                        .formatted(region.ordinal(), words(region))));
    html.raw("<li><span class=\"dashes\"></span>ΔL = D1</li>").raw("</ul>");
  }
}
