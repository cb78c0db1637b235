package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.CifarResNet.Shortcut;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * ResNet of depth 6n + 2 for small images: a 3×3 convolution, three groups of n basic blocks with
 * width, 2·width and 4·width filters, global average pooling, one dense layer (He et al. 2016,
 * section 4.2).
 */
final class CifarResNetwork implements Network {
  private final int depth;
  private final int width;
  private final Shortcut shortcut;
  private final Conventions conventions;

  CifarResNetwork(CifarResNet options, dev.jackpot.config.proto.Network config) {
    depth = options.getDepth();
    width = options.getWidth();
    shortcut = options.getShortcut();
    conventions = Conventions.PYTORCH.overruledBy(config);
    if (depth < 8 || depth % 6 != 2) {
      throw new ConfigException(
          "network.cifar_resnet.depth: expected 6n + 2 with n ≥ 1, found %d".formatted(depth));
    }
  }

  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    Operand<T> x = layers.convolution("conv1", images, width, 3, 1);
    x = layers.relu(layers.batchNorm("bn1", x));
    for (int group = 0; group < 3; group++) {
      for (int block = 0; block < (depth - 2) / 6; block++) {
        int stride = group > 0 && block == 0 ? 2 : 1;
        x = block(layers, "layer%d/%d".formatted(group + 1, block), x, width << group, stride);
      }
    }
    return layers.classifier("linear", layers.globalAverage(x), classes);
  }

  private <T extends TFloating> Operand<T> block(
      Layers<T> layers, String name, Operand<T> x, int filters, int stride) {
    Operand<T> y = layers.convolution(name + "/conv1", x, filters, 3, stride);
    y = layers.relu(layers.batchNorm(name + "/bn1", y));
    y = layers.convolution(name + "/conv2", y, filters, 3, 1);
    y = layers.batchNorm(name + "/bn2", y);
    return layers.relu(layers.add(y, shortcut(layers, name, x, filters, stride)));
  }

  private <T extends TFloating> Operand<T> shortcut(
      Layers<T> layers, String name, Operand<T> x, int filters, int stride) {
    if (stride == 1 && x.shape().get(3) == filters) {
      return x;
    }
    if (shortcut == Shortcut.A) {
      return layers.padChannels(layers.subsample(x, stride), filters);
    }
    Operand<T> y = layers.convolution(name + "/shortcut/conv", x, filters, 1, stride);
    return layers.batchNorm(name + "/shortcut/bn", y);
  }

  @Override
  public Conventions conventions() {
    return conventions;
  }

  @Override
  public String title() {
    return "ResNet-%d (width %d, shortcut %s)".formatted(depth, width, shortcut);
  }
}
