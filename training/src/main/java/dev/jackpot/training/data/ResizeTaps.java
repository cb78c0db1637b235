package dev.jackpot.training.data;

/**
 * Which source positions make each target position along one axis, and with which weights: the
 * filter centred on the target's centre, as wide as a target pixel where that is wider than a
 * source one, cut at the source's ends and normalised to sum 1.
 *
 * @param start first source position of each target position
 * @param weights [target positions, count]
 * @param count source positions for each target position
 */
record ResizeTaps(int[] start, float[] weights, int count) {
  /**
   * @param from where the window begins on the source axis
   * @param length of the window on it
   * @param source positions on the source axis
   * @param target positions to make
   */
  static ResizeTaps of(ResizeFilter filter, double from, double length, int source, int target) {
    double step = length / target;
    double stretch = Math.max(1, step);
    double reach = filter.support() * stretch;
    int count = Math.min(source, (int) Math.ceil(2 * reach) + 1);
    int[] first = new int[target];
    double[] all = new double[target * count];
    int used = 1;
    for (int t = 0; t < target; t++) {
      double centre = from + (t + 0.5) * step;
      // source position i has its centre at i + 0.5
      int low = Math.max(0, Math.min(source - 1, (int) Math.ceil(centre - reach - 0.5)));
      int high = Math.min(source, Math.max(low + 1, (int) Math.ceil(centre + reach - 0.5)));
      first[t] = low;
      used = Math.max(used, high - low);
      double sum = 0;
      for (int i = low; i < high; i++) {
        double weight = filter.at((i + 0.5 - centre) / stretch);
        all[t * count + i - low] = weight;
        sum += weight;
      }
      for (int i = low; i < high; i++) {
        all[t * count + i - low] /= sum;
      }
    }
    return packed(first, all, count, used, source);
  }

  /** The same for target positions in the opposite order. */
  ResizeTaps reversed() {
    int targets = start.length;
    int[] first = new int[targets];
    float[] all = new float[weights.length];
    for (int t = 0; t < targets; t++) {
      first[t] = start[targets - 1 - t];
      System.arraycopy(weights, (targets - 1 - t) * count, all, t * count, count);
    }
    return new ResizeTaps(first, all, count);
  }

  /** As many positions for each as the widest needs, none beyond the source's end. */
  private static ResizeTaps packed(int[] first, double[] all, int count, int used, int source) {
    float[] weights = new float[first.length * used];
    for (int t = 0; t < first.length; t++) {
      int shift = Math.max(0, first[t] + used - source);
      first[t] -= shift;
      for (int i = 0; i + shift < used; i++) {
        weights[t * used + i + shift] = (float) all[t * count + i];
      }
    }
    return new ResizeTaps(first, weights, used);
  }
}
