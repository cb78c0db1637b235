package dev.jackpot.pruning.shedding;

import dev.jackpot.pruning.Mask;
import java.util.ArrayList;
import java.util.List;

/**
 * How many of the live weights are shed, by each measure; lists are in the order of the levels.
 *
 * @param live weights that are not pruned
 * @param relative |w| &lt; ε · rms₀, rms₀ of the kernel
 * @param byFilter |w| &lt; ε · rms₀, rms₀ of the filter
 * @param folded |w| · scale &lt; ε · rms₀, rms₀ of the kernel's |w| · scale
 * @param global |w| &lt; τ_q
 * @param foldedGlobal |w| · scale &lt; τ_q, τ_q of |w| · scale
 */
public record ShedCounts(
    long live,
    List<Long> relative,
    List<Long> byFilter,
    List<Long> folded,
    List<Long> global,
    List<Long> foldedGlobal) {
  public ShedCounts {
    relative = List.copyOf(relative);
    byFilter = List.copyOf(byFilter);
    folded = List.copyOf(folded);
    global = List.copyOf(global);
    foldedGlobal = List.copyOf(foldedGlobal);
  }

  /** Of no weights. */
  public static ShedCounts none(Levels levels) {
    List<Long> relative = levels.relative().stream().map(e -> 0L).toList();
    List<Long> global = levels.quantiles().stream().map(q -> 0L).toList();
    return new ShedCounts(0, relative, relative, relative, global, global);
  }

  /** Of a kernel. */
  public static ShedCounts of(
      WatchedKernel now, Reference reference, Reference.Layer start, Levels levels) {
    int filters = now.axes().filters();
    int n = levels.relative().size();
    int m = levels.quantiles().size();
    double[] limits = times(levels.relative(), start.rms());
    double[] foldedLimits = times(levels.relative(), start.foldedRms());
    double[][] filterLimits = new double[filters][];
    for (int f = 0; f < filters; f++) {
      filterLimits[f] = times(levels.relative(), start.filters().get(f));
    }
    double[] thresholds = times(reference.thresholds(), 1);
    double[] foldedThresholds = times(reference.foldedThresholds(), 1);
    long[] relative = new long[n];
    long[] byFilter = new long[n];
    long[] folded = new long[n];
    long[] global = new long[m];
    long[] foldedGlobal = new long[m];
    Mask live = now.live();
    float[] weights = now.weights();
    for (int i = 0; i < weights.length; i++) {
      if (!live.kept(i)) {
        continue;
      }
      int filter = i % filters;
      float size = Math.abs(weights[i]);
      // as the thresholds were made: in float32
      float scaled = (float) (size * now.scale(filter));
      count(relative, size, limits);
      count(byFilter, size, filterLimits[filter]);
      count(folded, scaled, foldedLimits);
      count(global, size, thresholds);
      count(foldedGlobal, scaled, foldedThresholds);
    }
    return new ShedCounts(
        live.kept(),
        list(relative),
        list(byFilter),
        list(folded),
        list(global),
        list(foldedGlobal));
  }

  private static void count(long[] counts, double size, double[] limits) {
    for (int k = 0; k < limits.length; k++) {
      if (size < limits[k]) {
        counts[k]++;
      }
    }
  }

  private static double[] times(List<Double> values, double factor) {
    return values.stream().mapToDouble(v -> v * factor).toArray();
  }

  private static List<Long> list(long[] values) {
    List<Long> list = new ArrayList<>();
    for (long v : values) {
      list.add(v);
    }
    return list;
  }

  /** Of both together. */
  public ShedCounts plus(ShedCounts other) {
    return new ShedCounts(
        live + other.live,
        sum(relative, other.relative),
        sum(byFilter, other.byFilter),
        sum(folded, other.folded),
        sum(global, other.global),
        sum(foldedGlobal, other.foldedGlobal));
  }

  private static List<Long> sum(List<Long> a, List<Long> b) {
    List<Long> sum = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      sum.add(a.get(i) + b.get(i));
    }
    return sum;
  }

  /** A count of these as a share of the live weights, in [0, 1]; 0 if none is live. */
  public double share(long count) {
    return live == 0 ? 0 : (double) count / live;
  }
}
