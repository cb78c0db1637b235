package dev.jackpot.pruning.shedding;

import dev.jackpot.pruning.Mask;

/**
 * Sums over the live weights of each filter.
 *
 * @param squares Σ w²
 * @param counts how many are live
 */
record FilterSums(double[] squares, int[] counts) {
  static FilterSums of(WatchedKernel kernel, Mask live) {
    int filters = kernel.axes().filters();
    double[] squares = new double[filters];
    int[] counts = new int[filters];
    float[] weights = kernel.weights();
    for (int i = 0; i < weights.length; i++) {
      if (live.kept(i)) {
        squares[i % filters] += (double) weights[i] * weights[i];
        counts[i % filters]++;
      }
    }
    return new FilterSums(squares, counts);
  }

  /** Root mean square of a filter's live weights; 0 if it has none. */
  double rms(int filter) {
    return counts[filter] == 0 ? 0 : Math.sqrt(squares[filter] / counts[filter]);
  }

  /** Σ w² over all filters. */
  double total() {
    double total = 0;
    for (double s : squares) {
      total += s;
    }
    return total;
  }
}
