package dev.jackpot.pruning;

import dev.jackpot.graph.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** score = |w|. */
public final class MagnitudeCriterion implements Criterion {
  @Override
  public Map<String, float[]> scores(Map<String, HostTensor> kernels) {
    Map<String, float[]> scores = new LinkedHashMap<>();
    kernels.forEach((name, kernel) -> scores.put(name, magnitudes(kernel.values())));
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
