package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.Network.Padding;
import dev.jackpot.config.proto.ResNet;
import dev.jackpot.config.proto.ResNet.Stride;
import dev.jackpot.config.proto.Stem;
import dev.jackpot.graph.Conventions.Pooling;
import dev.jackpot.graph.ResidualStyle.Trait;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * ResNet for large images: a stem, four stages of residual blocks with 64, 128, 256 and 512
 * filters, global average pooling, one dense layer (He et al. 2016, table 1); or the same with
 * preactivation (He et al. 2016, "Identity mappings").
 *
 * <p>The stem is a 7×7 convolution with stride 2 and a 3×3 max pool with stride 2; for small images
 * a 3×3 convolution. In what the origins of weights differ: docs/networks.md.
 */
final class ResNetwork implements Network {
  private static final int FILTERS = 64;

  /** Blocks per stage. */
  private static final Map<Integer, List<Integer>> BLOCKS =
      Map.of(
          18, List.of(2, 2, 2, 2),
          34, List.of(3, 4, 6, 3),
          50, List.of(3, 4, 6, 3),
          101, List.of(3, 4, 23, 3),
          152, List.of(3, 8, 36, 3));

  private static final int DEEPEST_BASIC = 34;

  private final int depth;
  private final List<Integer> blocks;
  private final double width;
  private final Stem stem;
  private final boolean stridesLast;
  private final ResidualStyle style;
  private final Conventions conventions;

  ResNetwork(ResNet options, dev.jackpot.config.proto.Network config) {
    depth = options.getDepth();
    blocks = BLOCKS.getOrDefault(depth, List.of());
    if (blocks.isEmpty()) {
      throw new ConfigException(
          "network.resnet.depth: expected one of 18, 34, 50, 101, 152, found %d".formatted(depth));
    }
    Origin origin = config.getOrigin();
    boolean preactivation = options.getPreactivation();
    width = options.getWidth();
    stem = options.getStem();
    stridesLast = origin == Origin.TF_SLIM || origin == Origin.KERAS && preactivation;
    style = new ResidualStyle(traits(options, origin));
    conventions = conventions(origin, preactivation).overruledBy(config);
  }

  private static Set<Trait> traits(ResNet options, Origin origin) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    boolean preactivation = options.getPreactivation();
    if (options.getDepth() > DEEPEST_BASIC) {
      traits.add(Trait.BOTTLENECK);
    }
    if (preactivation) {
      traits.add(Trait.PREACTIVATION);
    }
    Stride published = origin == Origin.KERAS && !preactivation ? Stride.FIRST : Stride.MIDDLE;
    if ((options.hasStride() ? options.getStride() : published) == Stride.FIRST) {
      traits.add(Trait.STRIDE_FIRST);
    }
    if (preactivation && (origin == Origin.KERAS || origin == Origin.TF_SLIM)) {
      traits.add(Trait.BARE_BIAS);
    }
    if (origin == Origin.TF_OFFICIAL) {
      traits.add(Trait.PROJECTED_STAGES);
    }
    return traits;
  }

  private static Conventions conventions(Origin origin, boolean preactivation) {
    return switch (origin) {
      case PYTORCH -> Conventions.PYTORCH;
      case KERAS ->
          Conventions.PYTORCH
              .padded(Padding.SYMMETRIC, Pooling.ZEROS)
              .biased(!preactivation)
              .withEpsilon(1.001e-5);
      case TF_SLIM, TF_OFFICIAL -> Conventions.PYTORCH.padded(Padding.SYMMETRIC, Pooling.SAME);
    };
  }

  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    Operand<T> x = stem(layers, images);
    for (int stage = 0; stage < blocks.size(); stage++) {
      int filters = filters(FILTERS << stage);
      for (int i = 0; i < blocks.get(stage); i++) {
        String name = "layer%d/%d".formatted(stage + 1, i);
        x = style.block(layers, name, x, filters, stride(stage, i), i == 0);
      }
    }
    x = layers.globalAverage(style.close(layers, x));
    return layers.classifier("linear", x, classes);
  }

  private <T extends TFloating> Operand<T> stem(Layers<T> layers, Operand<T> images) {
    int filters = filters(FILTERS);
    return stem == Stem.IMAGENET
        ? layers.maxPool(style.stem(layers, images, filters, 7, 2), 3, 2)
        : style.stem(layers, images, filters, 3, 1);
  }

  /**
   * Three of the four stages halve the image: in their first block, or the one before in its last.
   */
  private int stride(int stage, int i) {
    boolean halves =
        stridesLast ? stage < blocks.size() - 1 && i == blocks.get(stage) - 1 : stage > 0 && i == 0;
    return halves ? 2 : 1;
  }

  private int filters(int published) {
    return (int) Math.max(1, Math.round(published * width));
  }

  @Override
  public Conventions conventions() {
    return conventions;
  }

  @Override
  public String title() {
    return "ResNet-%d%s%s%s"
        .formatted(
            depth,
            style.has(Trait.PREACTIVATION) ? " v2" : "",
            width == 1 ? "" : " (width %s)".formatted(width),
            stem == Stem.CIFAR ? " with the CIFAR stem" : "");
  }
}
