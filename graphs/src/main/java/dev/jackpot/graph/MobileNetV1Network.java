package dev.jackpot.graph;

import dev.jackpot.config.proto.MobileNetV1;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.Stem;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * MobileNetV1 (Howard et al. 2017, table 1): a 3×3 convolution and 13 depthwise separable ones. The
 * CIFAR stem leaves the first convolution unstrided: 32 pixels end as 2×2.
 *
 * <p>ReLU6 as at Keras and in TF-Slim; with PyTorch's origin, which has no reference of its own,
 * ReLU as published. Numbers of filters are cut off, not rounded, under the width multiplier
 * (TF-Slim: at least 8).
 *
 * <p>Names: {@code conv1}, {@code bn1}, {@code block0/depthwise}, {@code block0/depthwise_bn},
 * {@code block0/pointwise}, {@code block0/pointwise_bn}, …, {@code linear}.
 */
final class MobileNetV1Network implements Network {
  private static final int FIRST = 32;
  private static final int[] FILTERS = {
    64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024
  };
  private static final int SLIM_LEAST = 8;

  private final MobileNetV1 options;
  private final Origin origin;
  private final Activation activation;
  private final Conventions conventions;

  MobileNetV1Network(MobileNetV1 options, dev.jackpot.config.proto.Network config) {
    this.options = options;
    origin = config.getOrigin();
    activation = origin == Origin.PYTORCH ? Activation.RELU : Activation.RELU6;
    conventions = MobileNets.conventions("MobileNetV1", origin).overruledBy(config);
  }

  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    int stride = options.getStem() == Stem.CIFAR ? 1 : 2;
    Operand<T> x = layers.convolution("conv1", images, scaled(FIRST), 3, stride);
    x = activation.normed(layers, "bn1", x);
    int before = FIRST * 2;
    for (int i = 0; i < FILTERS.length; i++) {
      // the image is halved where the number of filters doubles
      x = block(layers, "block" + i, x, scaled(FILTERS[i]), FILTERS[i] > before ? 2 : 1);
      before = FILTERS[i];
    }
    x = layers.dropout(layers.globalAverage(x), options.getDropout());
    return layers.classifier("linear", x, classes);
  }

  private <T extends TFloating> Operand<T> block(
      Layers<T> layers, String name, Operand<T> x, int filters, int stride) {
    Operand<T> y = layers.depthwise(name + "/depthwise", x, 3, stride);
    y = activation.normed(layers, name + "/depthwise_bn", y);
    y = layers.convolution(name + "/pointwise", y, filters, 1, 1);
    return activation.normed(layers, name + "/pointwise_bn", y);
  }

  private int scaled(int filters) {
    return Math.max(
        origin == Origin.TF_SLIM ? SLIM_LEAST : 1, (int) (filters * options.getWidth()));
  }

  @Override
  public Conventions conventions() {
    return conventions;
  }

  @Override
  public String title() {
    return MobileNets.title("MobileNetV1", options.getWidth(), options.getStem());
  }
}
