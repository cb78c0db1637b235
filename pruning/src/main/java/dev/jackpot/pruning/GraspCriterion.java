package dev.jackpot.pruning;

import dev.jackpot.config.proto.GradientSample;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.NetworkGradients.Average;
import dev.jackpot.pruning.NetworkGradients.Sample;
import java.util.List;
import java.util.Map;

/**
 * score = w ⊙ (H g), the highest are kept (Wang et al. 2020: the highest −w ⊙ Hg are removed).
 * Scaling weight q by 1 − δ changes ‖g‖² by −2δ · score, so what goes first is what does not carry
 * the flow of gradients.
 *
 * <p>g and H are in the space of the kernels that are scored. The paper's code also draws a new
 * classifier for a pre-trained network and takes as many images of each class; here weights are
 * scored as they are, on shuffled batches.
 *
 * @param sample the images; the same for g and for H
 * @param temperature the logits are divided by it, above 0
 */
public record GraspCriterion(GradientSample sample, double temperature) implements Criterion {
  @Override
  public Map<String, float[]> scores(ScoringInput input) {
    Sample images = FirstOrderCriterion.sample(sample, input.seed(), temperature);
    Map<String, float[]> g = input.network().gradient(input.kernels(), images, Average.SIGNED);
    Map<String, float[]> scores = input.network().hessianProduct(input.kernels(), images, g);
    for (Parameter kernel : input.kernels()) {
      float[] product = scores.get(kernel.name());
      float[] w = input.weights().get(kernel.name()).values();
      for (int i = 0; i < product.length; i++) {
        product[i] *= w[i];
      }
    }
    return scores;
  }

  @Override
  public void check(List<Parameter> kernels, NetworkGradients network) {
    network.requireImages(FirstOrderCriterion.sample(sample, 0, temperature));
  }
}
