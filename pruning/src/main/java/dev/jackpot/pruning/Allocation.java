package dev.jackpot.pruning;

import java.util.Map;

/** Decides how many weights each kernel keeps, as integers. */
@FunctionalInterface
public interface Allocation {
  /**
   * @param scores a score per weight by kernel name, free of NaN; the higher, the sooner it is kept
   * @param sparsity share of all these weights that is pruned, in [0, 1), read as a decimal
   * @return how many weights each kernel keeps, by name and in the same order
   * @throws dev.jackpot.config.JackpotException naming the kernel, if a score is NaN
   * @throws dev.jackpot.config.ConfigException if the sparsity is out of range
   */
  Map<String, Integer> kept(Map<String, float[]> scores, double sparsity);
}
