package dev.jackpot.config;

import dev.jackpot.config.proto.BatchNorm;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Network;

/** What must hold for a network. */
final class NetworkRules {
  private static final int SMALLEST_DEPTH = 8;
  private static final int LARGEST_DEPTH = 1202;
  private static final int LARGEST_WIDTH = 4096;

  private NetworkRules() {}

  static void check(Network network, Data data, At at) {
    at.requireChoice("family", "network family");
    int least = Math.max(2, DataRules.classes(data));
    at.require(
        network.getClasses() == 0 || network.getClasses() >= least,
        "classes",
        "0 (the data set's) or an integer of at least %d".formatted(least));
    at.in("batch_norm").ifPresent(in -> batchNorm(network.getBatchNorm(), in));
    at.in("cifar_resnet").ifPresent(in -> cifarResNet(network.getCifarResnet(), in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(network.getCustom(), in));
  }

  private static void batchNorm(BatchNorm batchNorm, At at) {
    at.require(batchNorm.getEpsilon() > 0, "epsilon", "a number above 0");
    at.require(isShare(batchNorm.getMomentum()), "momentum", "a number in [0, 1)");
  }

  /** Three groups of n blocks of two convolutions, a first convolution and a classifier: 6n + 2. */
  private static void cifarResNet(CifarResNet net, At at) {
    int depth = net.getDepth();
    at.require(
        depth >= SMALLEST_DEPTH && depth <= LARGEST_DEPTH && depth % 6 == 2,
        "depth",
        "6n + 2 from %d to %d; nearest: %s"
            .formatted(SMALLEST_DEPTH, LARGEST_DEPTH, nearestDepths(depth)));
    at.require(
        net.getWidth() >= 1 && net.getWidth() <= LARGEST_WIDTH,
        "width",
        "an integer from 1 to " + LARGEST_WIDTH);
  }

  private static String nearestDepths(int depth) {
    if (depth < SMALLEST_DEPTH) {
      return String.valueOf(SMALLEST_DEPTH);
    } else if (depth > LARGEST_DEPTH) {
      return String.valueOf(LARGEST_DEPTH);
    }
    int below = depth - Math.floorMod(depth - 2, 6);
    return below + ", " + (below + 6);
  }

  /** In [0, 1). */
  static boolean isShare(double value) {
    return value >= 0 && value < 1;
  }
}
