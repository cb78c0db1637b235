package dev.jackpot.pruning.shedding;

import dev.jackpot.pruning.Counts;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.MaskSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What later magnitudes are held against: those of the dense weights θ₀ that a stage begins with.
 *
 * @param layers one a watched kernel, in the network's order
 * @param thresholds τ_q for each quantile q: floor(q · N) of the N weights' magnitudes lie below
 *     it, ties aside
 * @param foldedThresholds the same of |w| · scale
 */
public record Reference(
    List<Layer> layers, List<Double> thresholds, List<Double> foldedThresholds) {
  public Reference {
    layers = List.copyOf(layers);
    thresholds = List.copyOf(thresholds);
    foldedThresholds = List.copyOf(foldedThresholds);
  }

  /**
   * One kernel's. A root mean square over no weights is 0.
   *
   * @param kernel its name
   * @param rms root mean square of the weights that are live at the start
   * @param foldedRms the same of |w| · scale
   * @param filters the root mean square of each filter's live weights
   */
  public record Layer(String kernel, double rms, double foldedRms, List<Double> filters) {
    public Layer {
      filters = List.copyOf(filters);
    }
  }

  /**
   * Of a stage's start.
   *
   * @param dense θ₀; its masks are not looked at
   * @param live the masks of the stage's first state by kernel; a kernel without one has all its
   *     weights
   */
  public static Reference of(List<WatchedKernel> dense, Map<String, Mask> live, Levels levels) {
    List<Layer> layers = new ArrayList<>();
    for (WatchedKernel kernel : dense) {
      Mask mask = live.getOrDefault(kernel.kernel().name(), Mask.full(kernel.kernel().shape()));
      layers.add(layer(kernel, mask));
    }
    return new Reference(
        layers,
        thresholds(dense, WatchedKernel::magnitudes, levels),
        thresholds(dense, WatchedKernel::foldedMagnitudes, levels));
  }

  private static Layer layer(WatchedKernel kernel, Mask live) {
    double folded = 0;
    FilterSums sums = FilterSums.of(kernel, live);
    for (int f = 0; f < sums.squares().length; f++) {
      double scale = kernel.scale(f);
      folded += sums.squares()[f] * scale * scale;
    }
    List<Double> filters = new ArrayList<>();
    for (int f = 0; f < sums.squares().length; f++) {
      filters.add(sums.rms(f));
    }
    long count = live.kept();
    return new Layer(
        kernel.kernel().name(),
        count == 0 ? 0 : Math.sqrt(sums.total() / count),
        count == 0 ? 0 : Math.sqrt(folded / count),
        filters);
  }

  private static List<Double> thresholds(
      List<WatchedKernel> kernels, Function<WatchedKernel, float[]> magnitudes, Levels levels) {
    List<float[]> all = kernels.stream().map(magnitudes).toList();
    long size = all.stream().mapToLong(a -> a.length).sum();
    return levels.quantiles().stream()
        .map(q -> (double) MaskSelection.threshold(all, Counts.kept(q, size)))
        .toList();
  }
}
