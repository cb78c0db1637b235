package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.CifarResNet.Shortcut;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.Network.Padding;
import dev.jackpot.graph.Conventions.Pooling;
import dev.jackpot.graph.ResidualStyle.Trait;
import java.util.EnumSet;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * ResNet of depth 6n + 2 for small images: a 3×3 convolution, three groups of n basic blocks with
 * width, 2·width and 4·width filters, global average pooling, one dense layer (He et al. 2016,
 * section 4.2); or the same with preactivation (He et al. 2016, "Identity mappings").
 */
final class CifarResNetwork implements Network {
  private final int depth;
  private final int width;
  private final Shortcut shortcut;
  private final ResidualStyle style;
  private final Conventions conventions;

  CifarResNetwork(CifarResNet options, dev.jackpot.config.proto.Network config) {
    depth = options.getDepth();
    width = options.getWidth();
    shortcut = options.getShortcut();
    style = new ResidualStyle(traits(options, config.getOrigin()));
    conventions = conventions(config.getOrigin()).overruledBy(config);
    if (depth < 8 || depth % 6 != 2) {
      throw new ConfigException(
          "network.cifar_resnet.depth: expected 6n + 2 with n ≥ 1, found %d".formatted(depth));
    }
  }

  private static Set<Trait> traits(CifarResNet options, Origin origin) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (options.getPreactivation()) {
      traits.add(Trait.PREACTIVATION);
      if (origin == Origin.KERAS) {
        traits.add(Trait.BARE_BIAS);
      }
    }
    if (options.getShortcut() == Shortcut.A) {
      traits.add(Trait.PADDED_CHANNELS);
    } else if (origin == Origin.TF_OFFICIAL) {
      traits.add(Trait.PROJECTED_STAGES);
    }
    return traits;
  }

  /** Keras' is the example of its documentation: the defaults of its layers. */
  private static Conventions conventions(Origin origin) {
    return switch (origin) {
      case PYTORCH, TF_OFFICIAL -> Conventions.PYTORCH;
      case KERAS ->
          Conventions.PYTORCH.padded(Padding.SAME, Pooling.SAME).biased(true).withEpsilon(1e-3);
      case TF_SLIM -> throw Conventions.noSuchOrigin("ResNets of depth 6n + 2", origin);
    };
  }

  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    Operand<T> x = style.stem(layers, images, width, 3, 1);
    for (int group = 0; group < 3; group++) {
      for (int i = 0; i < (depth - 2) / 6; i++) {
        int stride = group > 0 && i == 0 ? 2 : 1;
        String name = "layer%d/%d".formatted(group + 1, i);
        x = style.block(layers, name, x, width << group, stride, i == 0);
      }
    }
    x = layers.globalAverage(style.close(layers, x));
    return layers.classifier("linear", x, classes);
  }

  @Override
  public Conventions conventions() {
    return conventions;
  }

  @Override
  public String title() {
    return "ResNet-%d%s (width %d, shortcut %s)"
        .formatted(depth, style.has(Trait.PREACTIVATION) ? " v2" : "", width, shortcut);
  }
}
