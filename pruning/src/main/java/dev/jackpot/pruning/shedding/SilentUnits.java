package dev.jackpot.pruning.shedding;

/** Units whose output hardly varies: dead in function, whatever their weights are. */
public final class SilentUnits {
  /** A unit is silent below this share of its layer's mean variance. */
  public static final double SHARE = 1e-6;

  private SilentUnits() {}

  /**
   * How many there are.
   *
   * @param variances of a layer's outputs over images and places, one a unit
   */
  public static int count(double[] variances) {
    double sum = 0;
    for (double v : variances) {
      sum += v;
    }
    double limit = SHARE * sum / Math.max(1, variances.length);
    int silent = 0;
    for (double v : variances) {
      if (v < limit || v == 0) {
        silent++;
      }
    }
    return silent;
  }
}
