package dev.jackpot.pruning;

import java.util.LinkedHashMap;
import java.util.Map;

/** The same sparsity in every kernel: a kernel of n weights loses floor(sparsity · n). */
public final class UniformAllocation implements Allocation {
  @Override
  public Map<String, Integer> kept(Map<String, float[]> scores, double sparsity) {
    MaskSelection.requireNumbers(scores);
    Map<String, Integer> kept = new LinkedHashMap<>();
    scores.forEach((name, s) -> kept.put(name, Math.toIntExact(Counts.kept(sparsity, s.length))));
    return kept;
  }
}
