package dev.jackpot.training.data;

/** A closed line through some points. */
record Polygon(double[] x, double[] y) {
  /** A star with its first tip up. */
  static Polygon star(int tips, double outer, double inner) {
    double[] x = new double[2 * tips];
    double[] y = new double[2 * tips];
    for (int i = 0; i < 2 * tips; i++) {
      double radius = i % 2 == 0 ? outer : inner;
      double angle = Math.PI * i / tips;
      x[i] = radius * StrictMath.sin(angle);
      y[i] = -radius * StrictMath.cos(angle);
    }
    return new Polygon(x, y);
  }

  /** Whether a ray from the point to the right crosses the line an odd number of times. */
  boolean covers(double px, double py) {
    boolean inside = false;
    for (int i = 0, j = x.length - 1; i < x.length; j = i++) {
      if (y[i] > py != y[j] > py && px < (x[j] - x[i]) * (py - y[i]) / (y[j] - y[i]) + x[i]) {
        inside = !inside;
      }
    }
    return inside;
  }
}
