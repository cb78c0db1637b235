package dev.jackpot.pruning;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What criteria ask of a network beside its weights, at the weights and masks it has at the moment.
 * Training implements it; with this between them the criteria themselves are arithmetic.
 *
 * <p>Gradients are of the mean cross-entropy of a batch with respect to ŵ, the kernels as the
 * convolutions use them (w ⊙ m), at all positions, pruned ones included. Batch norm takes the
 * batch's statistics and its averages stay as they are; nothing is dropped out.
 */
public interface NetworkGradients {
  /**
   * The training images that gradients are taken from.
   *
   * @param batches how many, at least 1; their gradients are averaged
   * @param batchSize images in each, at least 1
   * @param seed of the choice of the images and of their augmentation
   * @param temperature the logits are divided by it before the loss; above 0
   */
  record Sample(int batches, int batchSize, long seed, double temperature) {}

  /** How the gradients of the batches are averaged. */
  enum Average {
    /** As they are: the gradient of the loss over all images. */
    SIGNED,
    /** By their absolute values. */
    ABSOLUTE
  }

  /**
   * g = ∂L/∂ŵ.
   *
   * @return a value per weight, row-major, by kernel name in the order of {@code kernels}
   */
  Map<String, float[]> gradient(List<Parameter> kernels, Sample sample, Average average);

  /**
   * H u: the loss's second derivatives times a direction in the space of these kernels' kept
   * weights.
   *
   * @param direction u, a value per weight by kernel name; what it has at pruned weights is ignored
   * @return a value per weight, row-major, by kernel name in the order of {@code kernels}
   */
  Map<String, float[]> hessianProduct(
      List<Parameter> kernels, Sample sample, Map<String, float[]> direction);

  /**
   * The network as synaptic flow sees it: absolute weights, an image of ones, nothing in the way.
   * The caller closes it.
   *
   * @param kernels that masks will lie on
   * @throws ConfigException naming the kernels that no flow goes through
   */
  Flow flow(List<Parameter> kernels);

  /**
   * Finds out whether there are so many training images.
   *
   * @throws ConfigException if there are not
   */
  default void requireImages(Sample sample) {}

  /**
   * Finds out whether flow goes through these kernels.
   *
   * @throws ConfigException naming the kernels that no flow goes through
   */
  default void requireFlow(List<Parameter> kernels) {}

  /**
   * The scores that a search has trained.
   *
   * @param source whose
   * @return scores by kernel name, of the kernels that were searched
   * @throws ConfigException if they are not there, or cannot be found from here
   */
  default Map<String, HostTensor> searchedScores(ScoresCriterion source) {
    throw new ConfigException(
        "criterion scores: here are only weights; expected a run or a checkpoint of a search");
  }

  /** The same, and searched scores from there. */
  default NetworkGradients with(Function<ScoresCriterion, Map<String, HostTensor>> searched) {
    NetworkGradients gradients = this;
    return new NetworkGradients() {
      @Override
      public Map<String, float[]> gradient(
          List<Parameter> kernels, Sample sample, Average average) {
        return gradients.gradient(kernels, sample, average);
      }

      @Override
      public Map<String, float[]> hessianProduct(
          List<Parameter> kernels, Sample sample, Map<String, float[]> direction) {
        return gradients.hessianProduct(kernels, sample, direction);
      }

      @Override
      public Flow flow(List<Parameter> kernels) {
        return gradients.flow(kernels);
      }

      @Override
      public void requireImages(Sample sample) {
        gradients.requireImages(sample);
      }

      @Override
      public void requireFlow(List<Parameter> kernels) {
        gradients.requireFlow(kernels);
      }

      @Override
      public Map<String, HostTensor> searchedScores(ScoresCriterion source) {
        return searched.apply(source);
      }
    };
  }

  /** Synaptic flow under one mask after another. */
  interface Flow extends AutoCloseable {
    /**
     * s = N · (∂R/∂|ŵ| ⊙ |ŵ|) / R, where R is the sum of the logits and N the number of weights of
     * all kernels asked for: 1 is the score of an average weight of a network of one layer.
     *
     * @param masks of exactly these kernels
     * @return a value per weight, at least 0, row-major, by kernel name; 0 where pruned
     * @throws dev.jackpot.config.JackpotException if R is 0 or beyond float64
     */
    Map<String, float[]> scores(Masks masks);

    @Override
    void close();
  }

  /** Of weights without a network: answers nothing. */
  NetworkGradients NONE = none("expected one that goes by weights alone (magnitude, random)");

  /**
   * The same with another way out.
   *
   * @param remedy what to do about it, for the message
   */
  static NetworkGradients none(String remedy) {
    return new NetworkGradients() {
      @Override
      public Map<String, float[]> gradient(
          List<Parameter> kernels, Sample sample, Average average) {
        throw refusal();
      }

      @Override
      public Map<String, float[]> hessianProduct(
          List<Parameter> kernels, Sample sample, Map<String, float[]> direction) {
        throw refusal();
      }

      @Override
      public Flow flow(List<Parameter> kernels) {
        throw refusal();
      }

      private ConfigException refusal() {
        return new ConfigException(
            "criterion: this one needs the network's gradients, and here are only weights; "
                + remedy);
      }
    };
  }
}
