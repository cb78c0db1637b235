package dev.jackpot.pruning.shedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How some numbers are spread: quantiles, linear between neighbours. */
public final class Spread {
  /** Which quantiles: least, tenth, quarter, half, three quarters, nine tenths, largest. */
  public static final List<Double> SHARES = List.of(0., 0.1, 0.25, 0.5, 0.75, 0.9, 1.);

  private Spread() {}

  /** The quantiles at {@link #SHARES}; empty of no numbers. */
  public static List<Double> of(double... values) {
    if (values.length == 0) {
      return List.of();
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    List<Double> quantiles = new ArrayList<>();
    for (double share : SHARES) {
      double place = share * (sorted.length - 1);
      int low = (int) place;
      int high = Math.min(low + 1, sorted.length - 1);
      quantiles.add(sorted[low] + (place - low) * (sorted[high] - sorted[low]));
    }
    return List.copyOf(quantiles);
  }

  /** Of the root mean squares of a kernel's filters that have live weights. */
  public static List<Double> ofFilters(WatchedKernel kernel) {
    return filters(kernel, false);
  }

  /** The same of |w| · scale. */
  public static List<Double> ofFoldedFilters(WatchedKernel kernel) {
    return filters(kernel, true);
  }

  private static List<Double> filters(WatchedKernel kernel, boolean folded) {
    FilterSums sums = FilterSums.of(kernel, kernel.live());
    double[] values = new double[sums.counts().length];
    int n = 0;
    for (int f = 0; f < values.length; f++) {
      if (sums.counts()[f] > 0) {
        values[n++] = sums.rms(f) * (folded ? kernel.scale(f) : 1);
      }
    }
    return of(Arrays.copyOf(values, n));
  }
}
