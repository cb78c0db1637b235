package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.NetworkGradients.Flow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * score = |w| · ∂R/∂|w| (Tanaka et al. 2020), iterated: after round k of n the masks have density
 * d^(k/n), and the next round's flow goes through what is left. In one round a layer that is wider
 * than others would lose all its weights: each of them carries a small share of the same total.
 *
 * <p>The scores are the last round's; a weight that was pruned before ranks below every kept one.
 *
 * @param rounds n, at least 1
 */
public record SynFlowCriterion(int rounds) implements Criterion {
  private static final double DIGITS = 1e12;

  @Override
  public Map<String, float[]> scores(ScoringInput input) {
    double density = 1 - input.rounds().sparsity();
    Masks masks = full(input);
    try (Flow flow = input.network().flow(input.kernels())) {
      for (int round = 1; round < rounds && density < 1; round++) {
        masks = input.rounds().masks(flow.scores(masks), masks, sparsity(density, round));
      }
      Map<String, float[]> scores = flow.scores(masks);
      masks.byName().forEach((name, mask) -> Rounds.rankPrunedLast(scores.get(name), mask));
      return scores;
    }
  }

  @Override
  public void check(List<Parameter> kernels, NetworkGradients network) {
    network.requireFlow(kernels);
  }

  /** 1 − d^(k/n), to 12 digits: a count that is an integer shall not miss it by rounding. */
  private double sparsity(double density, int round) {
    return Math.rint((1 - Math.pow(density, (double) round / rounds)) * DIGITS) / DIGITS;
  }

  private static Masks full(ScoringInput input) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (Parameter kernel : input.kernels()) {
      masks.put(kernel.name(), Mask.full(kernel.shape()));
    }
    return new Masks(masks);
  }
}
