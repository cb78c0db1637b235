package dev.jackpot.pruning;

import dev.jackpot.config.Seeds;
import dev.jackpot.graph.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/**
 * score ~ U[0, 1). Each kernel draws from a sub-seed of its own name, so that its scores depend on
 * no other kernel. Draws are {@link Random}'s, whose algorithm Java fixes for all its versions.
 *
 * @param ownSeed in place of the input's
 */
public record RandomCriterion(OptionalLong ownSeed) implements Criterion {
  @Override
  public Map<String, float[]> scores(ScoringInput input) {
    Seeds seeds = new Seeds(ownSeed.orElse(input.seed()));
    Map<String, float[]> scores = new LinkedHashMap<>();
    for (Parameter kernel : input.kernels()) {
      Random random = new Random(seeds.of(kernel.name()));
      float[] draws = new float[kernel.size()];
      for (int i = 0; i < draws.length; i++) {
        draws[i] = random.nextFloat();
      }
      scores.put(kernel.name(), draws);
    }
    return scores;
  }

  @Override
  public Reduction reduction() {
    return Reduction.FIRST;
  }
}
