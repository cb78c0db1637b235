package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.Vgg;
import dev.jackpot.config.proto.Vgg.Head;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * VGG-11, 13, 16 and 19 (Simonyan and Zisserman 2015, configurations A, B, D and E): five groups of
 * 3×3 convolutions with 64, 128, 256, 512 and 512 filters, each halved by max-pooling.
 *
 * <p>With the CIFAR head the global average takes the place of the last max-pooling, and one
 * classifier follows. With the ImageNet head two hidden dense layers precede the classifier; they
 * see 7×7 values per channel at PyTorch's (adaptive average pooling: the identity at 224 pixels)
 * and all values as they are at Keras' and TF-Slim's (whose first dense layer is a 7×7 convolution
 * without padding: the same at 224 pixels).
 *
 * <p>Names: {@code layer1/0/conv}, {@code layer1/0/bn}, …, {@code hidden1}, {@code hidden2}, {@code
 * linear}.
 */
final class VggNetwork implements Network {
  private static final int[] FILTERS = {64, 128, 256, 512, 512};
  private static final int BINS = 7;

  private final Vgg options;
  private final Origin origin;
  private final int[] convolutions;
  private final Conventions conventions;

  VggNetwork(Vgg options, dev.jackpot.config.proto.Network config) {
    this.options = options;
    this.origin = config.getOrigin();
    this.convolutions = convolutions(options.getDepth());
    this.conventions = ofOrigin(origin).overruledBy(config);
  }

  /** Of each group; with the three dense layers they make the depth. */
  private static int[] convolutions(int depth) {
    return switch (depth) {
      case 11 -> new int[] {1, 1, 2, 2, 2};
      case 13 -> new int[] {2, 2, 2, 2, 2};
      case 16 -> new int[] {2, 2, 3, 3, 3};
      case 19 -> new int[] {2, 2, 4, 4, 4};
      default ->
          throw new ConfigException(
              "network.vgg.depth: expected 11, 13, 16 or 19, found %d".formatted(depth));
    };
  }

  private static Conventions ofOrigin(Origin origin) {
    Conventions biased = Conventions.PYTORCH.biased(true);
    return switch (origin) {
      case PYTORCH -> biased;
      case KERAS, TF_SLIM -> biased.withEpsilon(1e-3);
      case TF_OFFICIAL -> throw Conventions.noSuchOrigin("VGG", origin);
    };
  }

  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    boolean cifar = options.getHead() == Head.CIFAR;
    int poolings = cifar ? FILTERS.length - 1 : FILTERS.length;
    Operand<T> x = images;
    for (int group = 0; group < FILTERS.length; group++) {
      int filters = Filters.rounded(FILTERS[group] * options.getWidth());
      for (int i = 0; i < convolutions[group]; i++) {
        x = convolution(layers, "layer%d/%d".formatted(group + 1, i), x, filters);
      }
      if (group < poolings) {
        x = layers.maxPool(x, 2, 2);
      }
    }
    return cifar
        ? layers.classifier("linear", layers.globalAverage(x), classes)
        : imagenetHead(layers, x, classes);
  }

  private <T extends TFloating> Operand<T> convolution(
      Layers<T> layers, String name, Operand<T> x, int filters) {
    Operand<T> y;
    if (options.getBatchNorm()) {
      y = layers.batchNorm(name + "/bn", layers.convolution(name + "/conv", x, filters, 3, 1));
    } else {
      y = layers.convolution(name + "/conv", x, filters, 3, 1, true);
    }
    return layers.relu(layers.skipped(name + "/conv", x, 1, y));
  }

  private <T extends TFloating> Operand<T> imagenetHead(
      Layers<T> layers, Operand<T> x, int classes) {
    Operand<T> y = origin == Origin.PYTORCH ? layers.adaptiveAverage(x, BINS) : x;
    y = layers.flatten(y);
    for (String name : new String[] {"hidden1", "hidden2"}) {
      y = layers.relu(layers.dense(name, y, options.getHidden()));
      y = layers.dropout(y, options.getDropout());
    }
    return layers.classifier("linear", y, classes);
  }

  @Override
  public Conventions conventions() {
    return conventions;
  }

  @Override
  public String title() {
    return "VGG-%d%s (%s batch norm, %s head)"
        .formatted(
            options.getDepth(),
            options.getWidth() == 1 ? "" : " of width %s".formatted(options.getWidth()),
            options.getBatchNorm() ? "with" : "without",
            options.getHead() == Head.CIFAR ? "CIFAR" : "ImageNet");
  }
}
