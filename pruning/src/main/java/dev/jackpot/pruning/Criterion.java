package dev.jackpot.pruning;

import dev.jackpot.graph.HostTensor;
import java.util.Map;

/** Says how much each weight matters: the higher its score, the sooner it is kept. */
@FunctionalInterface
public interface Criterion {
  /**
   * @param kernels the prunable kernels by name
   * @return a score per weight, row-major, by name and in the same order; free of NaN
   */
  Map<String, float[]> scores(Map<String, HostTensor> kernels);
}
