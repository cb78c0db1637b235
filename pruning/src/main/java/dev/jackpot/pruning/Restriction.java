package dev.jackpot.pruning;

/**
 * The share of wanted swaps that a step of a mask search may carry out, by epoch ("short
 * restriction", lottery jackpots, section 2.6): q = ceil(rate · candidates), at least one if there
 * is a candidate.
 *
 * <p>The paper's code rounds the rate itself up, ceil((1 − e/T)^4), which is 1 in every epoch; here
 * only the count is rounded, as the paper means it.
 */
@FunctionalInterface
public interface Restriction {
  /**
   * @param epoch from 0
   * @param epochs length of the search, more than {@code epoch}
   * @return in (0, 1]
   * @throws IllegalArgumentException if the epoch is not in [0, epochs)
   */
  double rate(int epoch, int epochs);
}
