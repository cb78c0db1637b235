package dev.jackpot.pruning;

import java.util.LinkedHashMap;
import java.util.Map;

/** The same sparsity in every kernel: a kernel of n units loses floor(sparsity · n). */
public final class UniformAllocation implements Allocation {
  @Override
  public Map<String, Integer> kept(Map<String, Candidates> kernels, double sparsity) {
    MaskSelection.requireNumbers(kernels);
    Map<String, Integer> kept = new LinkedHashMap<>();
    kernels.forEach((name, k) -> kept.put(name, (int) Counts.kept(sparsity, k.units())));
    return kept;
  }
}
