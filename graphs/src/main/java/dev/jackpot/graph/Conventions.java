package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.BatchNorm;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.Network.Padding;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * In what the same architecture differs between the places its weights come from. A network says
 * its own by origin; what a config sets itself comes first.
 *
 * @param padding of strided convolutions
 * @param pooling how strided pooling is padded
 * @param convolutionBias whether convolutions that batch norm follows have a bias
 * @param epsilon added to batch norm's variance, above 0
 * @param momentum of batch norm's running averages, in [0, 1)
 */
public record Conventions(
    Padding padding, Pooling pooling, boolean convolutionBias, double epsilon, double momentum) {

  /** How strided pooling is padded. */
  public enum Pooling {
    /** (size − 1) / 2 on both sides with values that never win: PyTorch. */
    SYMMETRIC,
    /** (size − 1) / 2 on both sides with zeros, which win over negative values: Keras' ResNets. */
    ZEROS,
    /** TensorFlow's SAME: the odd pixel at the bottom and right, never winning. */
    SAME
  }

  /** PyTorch's: symmetric padding, no biases, ε = 1e-5; momentum 0.9. */
  public static final Conventions PYTORCH =
      new Conventions(
          Padding.SYMMETRIC,
          Pooling.SYMMETRIC,
          false,
          1e-5,
          BatchNorm.getDefaultInstance().getMomentum());

  /** The same with other padding. */
  public Conventions padded(Padding padding, Pooling pooling) {
    return new Conventions(padding, pooling, convolutionBias, epsilon, momentum);
  }

  /** The same with or without biases. */
  public Conventions biased(boolean bias) {
    return new Conventions(padding, pooling, bias, epsilon, momentum);
  }

  /** The same with another epsilon. */
  public Conventions withEpsilon(double epsilon) {
    return new Conventions(padding, pooling, convolutionBias, epsilon, momentum);
  }

  /**
   * For a network that does not come from there.
   *
   * @param missing the one origin that has no such network
   */
  static ConfigException noSuchOrigin(String family, Origin missing) {
    String known =
        Arrays.stream(Origin.values())
            .filter(o -> o != missing)
            .map(Origin::name)
            .collect(Collectors.joining(", "));
    return new ConfigException(
        "network.origin: expected one of %s for %s, found %s".formatted(known, family, missing));
  }

  /** These, overruled by whatever {@code config} sets itself. */
  public Conventions overruledBy(dev.jackpot.config.proto.Network config) {
    BatchNorm norm = config.getBatchNorm();
    return new Conventions(
        config.hasPadding() ? config.getPadding() : padding,
        pooling,
        config.hasConvolutionBias() ? config.getConvolutionBias() : convolutionBias,
        norm.hasEpsilon() ? norm.getEpsilon() : epsilon,
        norm.hasMomentum() ? norm.getMomentum() : momentum);
  }
}
