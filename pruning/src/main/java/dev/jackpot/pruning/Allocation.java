package dev.jackpot.pruning;

import java.util.Collection;
import java.util.Map;

/** Decides how many units (weights, where no pattern ties them) each kernel keeps, as integers. */
@FunctionalInterface
public interface Allocation {
  /**
   * @param kernels by name, in the network's order
   * @param sparsity share of all their units that is pruned, in [0, 1), read as a decimal
   * @return how many units each kernel keeps, by name and in the same order
   * @throws dev.jackpot.config.JackpotException naming the kernel, if a score is NaN
   * @throws dev.jackpot.config.ConfigException if the sparsity is out of range, or the options do
   *     not fit the kernels
   */
  Map<String, Integer> kept(Map<String, Candidates> kernels, double sparsity);

  /**
   * Finds what does not fit the kernels before there are scores.
   *
   * @param kernels names, in the network's order
   * @throws dev.jackpot.config.ConfigException as {@link #kept} would
   */
  default void check(Collection<String> kernels) {}
}
