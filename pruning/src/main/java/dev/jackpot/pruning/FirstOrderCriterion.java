package dev.jackpot.pruning;

import dev.jackpot.config.proto.GradientSample;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.NetworkGradients.Average;
import dev.jackpot.pruning.NetworkGradients.Sample;
import java.util.List;
import java.util.Map;

/**
 * Scores from the gradient g = ∂L/∂ŵ: its magnitude, or what it says of the loss without the
 * weight.
 *
 * <p>At full masks SNIP's |∂L/∂m| is |w · g|, the first-order Taylor score. SNIP's paper divides by
 * the sum of all scores, which changes no order and is left out.
 *
 * @param form what is made of it
 * @param sample the images
 */
public record FirstOrderCriterion(Form form, GradientSample sample) implements Criterion {
  /** A score from a weight and its gradient. */
  public enum Form {
    /** |g|. */
    GRADIENT,
    /** |w · g|: SNIP, and the first-order Taylor score. */
    SALIENCY,
    /** −w · g: by how much the loss rises, to first order, if the weight goes. */
    RISE
  }

  @Override
  public Map<String, float[]> scores(ScoringInput input) {
    boolean absolute = sample.getReduction() == GradientSample.Reduction.ABSOLUTE;
    Average average = absolute ? Average.ABSOLUTE : Average.SIGNED;
    Map<String, float[]> scores =
        input.network().gradient(input.kernels(), sample(sample, input.seed(), 1), average);
    for (Parameter kernel : input.kernels()) {
      float[] g = scores.get(kernel.name());
      float[] w = input.weights().get(kernel.name()).values();
      for (int i = 0; i < g.length; i++) {
        g[i] = score(w[i], g[i]);
      }
    }
    return scores;
  }

  @Override
  public void check(List<Parameter> kernels, NetworkGradients network) {
    network.requireImages(sample(sample, 0, 1));
  }

  private float score(float w, float g) {
    return switch (form) {
      case GRADIENT -> Math.abs(g);
      case SALIENCY -> Math.abs(w * g);
      case RISE -> -w * g;
    };
  }

  /**
   * The sample that a config asks for.
   *
   * @param seed if the config has none
   */
  static Sample sample(GradientSample config, long seed, double temperature) {
    return new Sample(
        config.getBatches(),
        config.getBatchSize(),
        config.hasSeed() ? config.getSeed() : seed,
        temperature);
  }
}
