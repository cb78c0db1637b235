package dev.jackpot.training.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of a chart.
 *
 * @param color index of the stage among the chart's colours
 * @param faint drawn thin and dashed: training rather than test images
 * @param points in the order of x; every coordinate is finite
 */
record Curve(int color, boolean faint, List<Point> points) {
  /** Points of a line that a screen can show; longer ones are thinned. */
  static final int LIMIT = 400;

  /** A point of a line. */
  record Point(double x, double y) {}

  Curve {
    points = thin(points);
  }

  /**
   * At most {@link #LIMIT} points: of each of equally many runs of points the lowest and the
   * highest, so that no peak is lost; and the first and the last.
   */
  private static List<Point> thin(List<Point> points) {
    int n = points.size();
    if (n <= LIMIT) {
      return List.copyOf(points);
    }
    int buckets = (LIMIT - 2) / 2;
    List<Point> kept = new ArrayList<>(LIMIT);
    kept.add(points.get(0));
    for (int b = 0; b < buckets; b++) {
      int from = 1 + (int) ((long) (n - 2) * b / buckets);
      int to = 1 + (int) ((long) (n - 2) * (b + 1) / buckets);
      int low = from;
      int high = from;
      for (int i = from + 1; i < to; i++) {
        low = points.get(i).y() < points.get(low).y() ? i : low;
        high = points.get(i).y() > points.get(high).y() ? i : high;
      }
      kept.add(points.get(Math.min(low, high)));
      if (low != high) {
        kept.add(points.get(Math.max(low, high)));
      }
    }
    kept.add(points.get(n - 1));
    return List.copyOf(kept);
  }
}
