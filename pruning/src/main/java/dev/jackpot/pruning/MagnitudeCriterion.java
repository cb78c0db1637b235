package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;

/** score = |w|. */
public final class MagnitudeCriterion implements Criterion {
  @Override
  public Map<String, float[]> scores(ScoringInput input) {
    Map<String, float[]> scores = new LinkedHashMap<>();
    for (Parameter kernel : input.kernels()) {
      scores.put(kernel.name(), magnitudes(input.weights().get(kernel.name()).values()));
    }
    return scores;
  }

  private static float[] magnitudes(float[] weights) {
    float[] magnitudes = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      magnitudes[i] = Math.abs(weights[i]);
    }
    return magnitudes;
  }
}
