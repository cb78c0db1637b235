package dev.jackpot.pruning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * Densities proportional to a kernel's sum of sizes over their product, d_l = min(1, ε · raw_l)
 * with Σ d_l n_l = d · Σ n_l: small kernels stay denser. ERK (Evci et al. 2020, "Rigging the
 * Lottery") takes all sizes of the kernel, ER (Mocanu et al. 2018) the two of its channels.
 *
 * <p>Densities become counts by Webster's method: k_l is ε · raw_l · n_l rounded, at most n_l, with
 * the ε at which the counts sum to exactly N − floor(sparsity · N). That differs from d_l n_l by
 * less than a few units and, other than the method of largest remainders, never gives a kernel more
 * at a higher sparsity (no "Alabama paradox"), so that masks of one score are nested.
 */
public final class ErdosRenyiAllocation implements Allocation {
  private static final double HALF = 0.5;

  private final boolean taps;

  /**
   * @param taps whether the kernel's height and width count (ERK) or its channels only (ER)
   */
  public ErdosRenyiAllocation(boolean taps) {
    this.taps = taps;
  }

  @Override
  public Map<String, Integer> kept(Map<String, Candidates> kernels, double sparsity) {
    MaskSelection.requireNumbers(kernels);
    List<Candidates> all = List.copyOf(kernels.values());
    double[] raw = all.stream().mapToDouble(k -> raw(k.shape())).toArray();
    long[] sizes = all.stream().mapToLong(Candidates::units).toArray();
    long wanted = Counts.kept(sparsity, Arrays.stream(sizes).sum());
    long[] counts = round(densities(raw, sizes, wanted), raw, sizes, wanted);
    Map<String, Integer> kept = new LinkedHashMap<>();
    for (String name : kernels.keySet()) {
      kept.put(name, (int) counts[kept.size()]);
    }
    return kept;
  }

  /** Σ sizes / Π sizes. */
  private double raw(Shape shape) {
    long[] sizes = shape.asArray();
    int from = taps ? 0 : Math.max(0, sizes.length - 2);
    double sum = 0;
    double product = 1;
    for (int i = from; i < sizes.length; i++) {
      sum += sizes[i];
      product *= sizes[i];
    }
    return product == 0 ? 0 : sum / product;
  }

  /**
   * d_l = min(1, ε · raw_l). Kernels whose density would exceed 1 become dense, the one with the
   * largest raw value first, and ε is computed anew for the others.
   *
   * @param wanted Σ d_l n_l
   */
  static double[] densities(double[] raw, long[] sizes, long wanted) {
    List<Integer> open = new ArrayList<>();
    for (int l = 0; l < raw.length; l++) {
      open.add(l);
    }
    double[] densities = new double[raw.length];
    Arrays.fill(densities, 1);
    long left = wanted;
    while (!open.isEmpty()) {
      double weight = open.stream().mapToDouble(l -> raw[l] * sizes[l]).sum();
      double epsilon = weight == 0 ? 0 : left / weight;
      double largest = open.stream().mapToDouble(l -> raw[l]).max().orElseThrow();
      if (epsilon * largest <= 1) {
        open.forEach(l -> densities[l] = epsilon * raw[l]);
        break;
      }
      left -= open.stream().filter(l -> raw[l] == largest).mapToLong(l -> sizes[l]).sum();
      open.removeIf(l -> raw[l] == largest);
    }
    return densities;
  }

  /**
   * Rounds, then takes from or gives to the kernel whose turn it is by Webster's quotient until the
   * sum is right.
   */
  private static long[] round(double[] densities, double[] raw, long[] sizes, long wanted) {
    long[] counts = new long[sizes.length];
    for (int l = 0; l < counts.length; l++) {
      counts[l] = Math.min(sizes[l], (long) Math.floor(densities[l] * sizes[l] + HALF));
    }
    long sum = Arrays.stream(counts).sum();
    for (; sum < wanted; sum++) {
      counts[next(counts, raw, sizes)]++;
    }
    for (; sum > wanted; sum--) {
      counts[last(counts, raw, sizes)]--;
    }
    return counts;
  }

  /** Whose next unit comes first: the largest raw · n / (k + 1/2), of equal ones the earlier. */
  private static int next(long[] counts, double[] raw, long[] sizes) {
    int best = -1;
    double highest = -1;
    for (int l = 0; l < counts.length; l++) {
      double quotient = raw[l] * sizes[l] / (counts[l] + HALF);
      if (counts[l] < sizes[l] && quotient > highest) {
        highest = quotient;
        best = l;
      }
    }
    return best;
  }

  /** Whose unit came last: the smallest raw · n / (k − 1/2), of equal ones the later. */
  private static int last(long[] counts, double[] raw, long[] sizes) {
    int best = -1;
    double lowest = Double.POSITIVE_INFINITY;
    for (int l = 0; l < counts.length; l++) {
      double quotient = raw[l] * sizes[l] / (counts[l] - HALF);
      if (counts[l] > 0 && quotient <= lowest) {
        lowest = quotient;
        best = l;
      }
    }
    return best;
  }
}
