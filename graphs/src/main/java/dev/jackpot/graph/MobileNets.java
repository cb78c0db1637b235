package dev.jackpot.graph;

import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.Network.Padding;
import dev.jackpot.config.proto.Stem;
import dev.jackpot.graph.Conventions.Pooling;

/** What the three MobileNets have in common. */
final class MobileNets {
  private MobileNets() {}

  /**
   * PyTorch's; at Keras and in TF-Slim SAME padding and ε = 1e-3. (Keras pads by layers of their
   * own; the result is SAME. Only its MobileNetV1 differs, on images whose size is not a multiple
   * of 32: there it pads odd sizes at the bottom and right too, and this does not.)
   */
  static Conventions conventions(String family, Origin origin) {
    return switch (origin) {
      case PYTORCH -> Conventions.PYTORCH;
      case KERAS, TF_SLIM ->
          Conventions.PYTORCH.padded(Padding.SAME, Pooling.SAME).withEpsilon(1e-3);
      case TF_OFFICIAL -> throw Conventions.noSuchOrigin(family, origin);
    };
  }

  /** "MobileNetV2 (width 0.5) with the CIFAR stem", less what is as usual. */
  static String title(String family, double width, Stem stem) {
    return family
        + (width == 1 ? "" : " (width %s)".formatted(width))
        + (stem == Stem.CIFAR ? " with the CIFAR stem" : "");
  }
}
