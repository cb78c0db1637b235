package dev.jackpot.config;

import dev.jackpot.config.proto.BatchNorm;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.ResNet;
import dev.jackpot.config.proto.Vgg;
import java.util.List;
import java.util.stream.Collectors;

/** What must hold for a network. */
final class NetworkRules {
  private static final int SMALLEST_DEPTH = 8;
  private static final int LARGEST_DEPTH = 1202;
  private static final int LARGEST_WIDTH = 4096;

  private static final List<Integer> RESNET_DEPTHS = List.of(18, 34, 50, 101, 152);

  /** Deeper ones have bottlenecks. */
  static final int DEEPEST_BASIC = 34;

  private static final List<Integer> VGG_DEPTHS = List.of(11, 13, 16, 19);
  private static final double NARROWEST = .05;
  private static final double WIDEST = 16;

  private NetworkRules() {}

  static void check(Network network, Data data, At at) {
    if (network.hasName() && network.getFamilyCase() == Network.FamilyCase.FAMILY_NOT_SET) {
      at.require(false, "name", "a network that NamedNetworks.spelledOut has spelled out");
    } else {
      at.requireChoice("family", "network family");
    }
    int least = Math.max(2, DataRules.classes(data));
    at.require(
        network.getClasses() == 0 || network.getClasses() >= least,
        "classes",
        "0 (the data set's) or an integer of at least %d".formatted(least));
    at.in("batch_norm").ifPresent(in -> batchNorm(network.getBatchNorm(), in));
    at.in("cifar_resnet").ifPresent(in -> cifarResNet(network.getCifarResnet(), in));
    at.in("vgg").ifPresent(in -> vgg(network.getVgg(), in));
    at.in("resnet").ifPresent(in -> resNet(network.getResnet(), in));
    at.in("mobilenet_v1")
        .ifPresent(
            in ->
                mobileNet(
                    network.getMobilenetV1().getWidth(),
                    network.getMobilenetV1().getDropout(),
                    in));
    at.in("mobilenet_v2")
        .ifPresent(
            in ->
                mobileNet(
                    network.getMobilenetV2().getWidth(),
                    network.getMobilenetV2().getDropout(),
                    in));
    at.in("mobilenet_v3")
        .ifPresent(
            in ->
                mobileNet(
                    network.getMobilenetV3().getWidth(),
                    network.getMobilenetV3().getDropout(),
                    in));
    at.in("wired").ifPresent(in -> wired(network, at, in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(network.getCustom(), in));
    at.require(
        network.getOrigin() != Origin.TF_OFFICIAL || !isNoResNet(network),
        "origin",
        "PYTORCH, KERAS or TF_SLIM (TF_OFFICIAL has ResNets only)");
    at.require(
        network.getOrigin() != Origin.TF_SLIM || !network.hasCifarResnet(),
        "origin",
        "PYTORCH, KERAS or TF_OFFICIAL (TF_SLIM has no ResNets of depth 6n + 2)");
  }

  /** What an origin would say, the file says. */
  private static void wired(Network network, At at, At in) {
    in.requireGiven(network.getWired().getPath(), "path", "FILE", "the wiring's file");
    String expected = "nothing: a wired network has its own";
    at.require(!network.hasOrigin(), "origin", expected);
    at.require(!network.hasPadding(), "padding", expected);
    at.require(!network.hasConvolutionBias(), "convolution_bias", expected);
    at.in("batch_norm")
        .ifPresent(norm -> norm.require(!network.getBatchNorm().hasEpsilon(), "epsilon", expected));
  }

  private static boolean isNoResNet(Network network) {
    return switch (network.getFamilyCase()) {
      case VGG, MOBILENET_V1, MOBILENET_V2, MOBILENET_V3 -> true;
      default -> false;
    };
  }

  private static void batchNorm(BatchNorm batchNorm, At at) {
    at.require(
        !batchNorm.hasEpsilon() || batchNorm.getEpsilon() > 0, "epsilon", "a number above 0");
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

  private static void resNet(ResNet net, At at) {
    depth(net.getDepth(), RESNET_DEPTHS, at);
    at.require(
        !net.hasStride() || net.getDepth() > DEEPEST_BASIC,
        "stride",
        "nothing: depths %d and less have no bottlenecks".formatted(DEEPEST_BASIC));
    multiplier(net.getWidth(), at);
  }

  private static void vgg(Vgg net, At at) {
    depth(net.getDepth(), VGG_DEPTHS, at);
    multiplier(net.getWidth(), at);
    at.require(net.getHidden() >= 1, "hidden", "an integer of at least 1");
    boolean cifar = net.getHead() == Vgg.Head.CIFAR;
    at.require(!cifar || !net.hasHidden(), "hidden", "nothing, or head: IMAGENET");
    at.require(!cifar || !net.hasDropout(), "dropout", "nothing, or head: IMAGENET");
    at.require(isShare(net.getDropout()), "dropout", "a number in [0, 1)");
  }

  private static void mobileNet(double width, double dropout, At at) {
    multiplier(width, at);
    at.require(isShare(dropout), "dropout", "a number in [0, 1)");
  }

  private static void depth(int depth, List<Integer> depths, At at) {
    at.require(
        depths.contains(depth),
        "depth",
        "one of " + depths.stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }

  private static void multiplier(double width, At at) {
    at.require(
        width >= NARROWEST && width <= WIDEST,
        "width",
        "a number from " + Show.scalar(NARROWEST) + " to " + Show.scalar(WIDEST));
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
