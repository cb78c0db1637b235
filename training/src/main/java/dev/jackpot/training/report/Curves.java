package dev.jackpot.training.report;

import dev.jackpot.training.report.Curve.Point;
import dev.jackpot.training.run.EpochMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of a run as lines over its epochs. Epochs are counted through the whole run: a stage
 * begins where the one before it ended. A line ends where its stage does.
 */
final class Curves {
  /** Consecutive lines of one stage; x is the epoch within the run. */
  private record Segment(int color, List<EpochMetrics> lines, List<Double> xs) {}

  /** The first and the last epoch. */
  record Range(double first, double last) {}

  private final List<Segment> segments = new ArrayList<>();
  private final Map<String, Integer> colors = new LinkedHashMap<>();

  Curves(List<EpochMetrics> metrics) {
    double offset = 0;
    EpochMetrics before = null;
    for (EpochMetrics m : metrics) {
      boolean continues =
          before != null && before.stage().equals(m.stage()) && before.epoch() < m.epoch();
      if (!continues) {
        offset = before == null ? 0 : offset + before.epoch();
        int color = colors.computeIfAbsent(m.stage(), s -> colors.size());
        segments.add(new Segment(color, new ArrayList<>(), new ArrayList<>()));
      }
      Segment last = segments.get(segments.size() - 1);
      last.lines().add(m);
      last.xs().add(offset + m.epoch());
      before = m;
    }
  }

  /** The stages' names, in the order of their colours. */
  List<String> stages() {
    return List.copyOf(colors.keySet());
  }

  /** All epochs. */
  Range range() {
    double first = segments.stream().mapToDouble(s -> s.xs().get(0)).min().orElse(0);
    double last = segments.stream().mapToDouble(s -> s.xs().get(s.xs().size() - 1)).max().orElse(0);
    return new Range(first, last);
  }

  /** A line per stage of one number; values that are not finite are gaps. */
  List<Curve> of(ToDoubleFunction<EpochMetrics> value, boolean faint) {
    List<Curve> curves = new ArrayList<>();
    for (Segment segment : segments) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < segment.lines().size(); i++) {
        double y = value.applyAsDouble(segment.lines().get(i));
        if (Double.isFinite(y)) {
          points.add(new Point(segment.xs().get(i), y));
        }
      }
      if (!points.isEmpty()) {
        curves.add(new Curve(segment.color(), faint, points));
      }
    }
    return curves;
  }
}
