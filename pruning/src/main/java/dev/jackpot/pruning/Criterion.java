package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;
import java.util.List;
import java.util.Map;

/** Says how much each weight matters: the higher its score, the sooner it is kept. */
@FunctionalInterface
public interface Criterion {
  /** How the scores of a unit's weights make the unit's, where a pattern ties weights together. */
  enum Reduction {
    /** Their mean, so that units of different sizes compare: the L1 norm per weight, for |w|. */
    MEAN,
    /** The first one's: for scores that are draws, whose mean would depend on the unit's size. */
    FIRST
  }

  /**
   * @return a score per weight, row-major, by kernel name and in the same order; free of NaN
   */
  Map<String, float[]> scores(ScoringInput input);

  /**
   * Finds what it would fail at, whatever the weights are, before there are any.
   *
   * @param kernels those to be scored, in the network's order
   * @param network asked for nothing that needs weights
   * @throws dev.jackpot.config.ConfigException as {@link #scores} would
   */
  default void check(List<Parameter> kernels, NetworkGradients network) {}

  /** How scores are reduced to units. */
  default Reduction reduction() {
    return Reduction.MEAN;
  }
}
