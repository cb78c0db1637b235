package dev.jackpot.pruning.shedding;

import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Counts;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.Survivors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which weights magnitude pruning would keep at one moment, at densities that stay the same. */
public final class KeptSets {
  private KeptSets() {}

  /**
   * For each quantile q the N − floor(q · N) largest live weights of all kernels together, or all
   * that are live if they are fewer; of equal ones the earlier.
   */
  public static Map<Double, Masks> of(List<WatchedKernel> kernels, Levels levels) {
    List<Parameter> parameters = kernels.stream().map(WatchedKernel::kernel).toList();
    Map<String, float[]> magnitudes = new LinkedHashMap<>();
    Map<String, Mask> live = new LinkedHashMap<>();
    long size = 0;
    for (WatchedKernel kernel : kernels) {
      magnitudes.put(kernel.kernel().name(), kernel.magnitudes());
      live.put(kernel.kernel().name(), kernel.live());
      size += kernel.weights().length;
    }
    Masks within = new Masks(live);
    Map<Double, Masks> kept = new LinkedHashMap<>();
    for (double q : levels.quantiles()) {
      long count = Math.min(Counts.kept(q, size), within.kept());
      kept.put(q, Survivors.best(parameters, magnitudes, within, count));
    }
    return kept;
  }
}
