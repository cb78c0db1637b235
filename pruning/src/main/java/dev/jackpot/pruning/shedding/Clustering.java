package dev.jackpot.pruning.shedding;

import dev.jackpot.graph.Parameter;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * How unevenly what is kept of a kernel lies over its filters and over its input channels. The
 * density of a filter is the share of its weights that are kept.
 *
 * @param filters over filters
 * @param inputs over input channels
 */
public record Clustering(Channels filters, Channels inputs) {
  /**
   * Over some channels.
   *
   * @param gini Gini coefficient of their densities, in [0, 1): 0 where all are equal
   * @param variance of their densities
   * @param dead those of which nothing is kept
   */
  public record Channels(double gini, double variance, int dead) {
    static Channels of(int[] kept, int size) {
      double[] densities =
          Arrays.stream(kept).mapToDouble(k -> (double) k / size).sorted().toArray();
      int n = densities.length;
      double sum = Arrays.stream(densities).sum();
      double ranked = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        ranked += (i + 1) * densities[i];
        squares += (densities[i] - sum / n) * (densities[i] - sum / n);
      }
      // Σᵢ Σⱼ |dᵢ − dⱼ| / (2 n Σ d), of sorted densities
      double gini = sum == 0 ? 0 : Math.max(0, 2 * ranked / (n * sum) - (n + 1.) / n);
      return new Channels(gini, squares / n, (int) Arrays.stream(kept).filter(k -> k == 0).count());
    }
  }

  /**
   * Of a kernel.
   *
   * @param kept whether the weight at a row-major index is kept
   */
  public static Clustering of(Parameter kernel, IntPredicate kept) {
    KernelAxes axes = KernelAxes.of(kernel);
    int[] filters = new int[axes.filters()];
    int[] inputs = new int[axes.inputs()];
    for (int i = 0; i < kernel.size(); i++) {
      if (kept.test(i)) {
        filters[axes.filter(i)]++;
        inputs[axes.input(i)]++;
      }
    }
    return new Clustering(
        Channels.of(filters, kernel.size() / axes.filters()),
        Channels.of(inputs, kernel.size() / axes.inputs()));
  }

  /** Of what is live and not below a magnitude. */
  public static Clustering of(WatchedKernel kernel, double threshold) {
    return of(
        kernel.kernel(), i -> kernel.live().kept(i) && Math.abs(kernel.weights()[i]) >= threshold);
  }
}
