package dev.jackpot.graph;

import dev.jackpot.config.proto.MobileNetV2;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.Stem;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * MobileNetV2 (Sandler et al. 2018, table 2): a 3×3 convolution, 17 inverted residuals, a 1×1
 * convolution that the width multiplier never makes narrower. The CIFAR stem leaves the first
 * convolution and the first strided block unstrided: 32 pixels end as 4×4.
 *
 * <p>Names: {@code conv1}, {@code bn1}, {@code block0} … {@code block16} (see {@link
 * InvertedResidual}), {@code conv2}, {@code bn2}, {@code linear}.
 */
final class MobileNetV2Network implements Network {
  private static final int FIRST = 32;
  private static final int LAST = 1280;

  /** Blocks in a row with the same number of filters; the first of them takes the stride. */
  private record Group(int expansion, int filters, int blocks, int stride) {}

  private static final List<Group> GROUPS =
      List.of(
          new Group(1, 16, 1, 1),
          new Group(6, 24, 2, 2),
          new Group(6, 32, 3, 2),
          new Group(6, 64, 4, 2),
          new Group(6, 96, 3, 1),
          new Group(6, 160, 3, 2),
          new Group(6, 320, 1, 1));

  private final MobileNetV2 options;
  private final Origin origin;
  private final Conventions conventions;

  MobileNetV2Network(MobileNetV2 options, dev.jackpot.config.proto.Network config) {
    this.options = options;
    origin = config.getOrigin();
    conventions = MobileNets.conventions("MobileNetV2", origin).overruledBy(config);
  }

  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    boolean cifar = options.getStem() == Stem.CIFAR;
    int first = Filters.divisible(FIRST * options.getWidth());
    Operand<T> x = layers.convolution("conv1", images, first, 3, cifar ? 1 : 2);
    x = Activation.RELU6.normed(layers, "bn1", x);
    int block = 0;
    for (int i = 0; i < GROUPS.size(); i++) {
      Group group = GROUPS.get(i);
      for (int j = 0; j < group.blocks(); j++) {
        int stride = j > 0 || cifar && i == 1 ? 1 : group.stride();
        int expanded = Math.toIntExact(x.shape().get(3)) * group.expansion();
        x =
            InvertedResidual.plain(stride, expanded, scaled(group.filters()), Activation.RELU6)
                .lay(layers, "block" + block++, x);
      }
    }
    int last = Filters.divisible(LAST * Math.max(1, options.getWidth()));
    x = layers.convolution("conv2", x, last, 1, 1);
    x = Activation.RELU6.normed(layers, "bn2", x);
    x = layers.dropout(layers.globalAverage(x), options.getDropout());
    return layers.classifier("linear", x, classes);
  }

  private int scaled(int filters) {
    double wanted = filters * options.getWidth();
    // Keras cuts off before it rounds to a multiple
    return Filters.divisible(origin == Origin.KERAS ? (int) wanted : wanted);
  }

  @Override
  public Conventions conventions() {
    return conventions;
  }

  @Override
  public String title() {
    return MobileNets.title("MobileNetV2", options.getWidth(), options.getStem());
  }
}
