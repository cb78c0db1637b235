package dev.jackpot.training;

import dev.jackpot.config.proto.WeightDecay;
import dev.jackpot.graph.Role;

/** λ of weight decay by what a parameter is to its network. */
final class Decays {
  private Decays() {}

  /** λ of the term λ · w added to the gradient; 0 for running averages. */
  static double of(WeightDecay decay, Role role) {
    return switch (role) {
      case CONVOLUTION_KERNEL, SQUEEZE_EXCITE_KERNEL, DENSE_KERNEL, CLASSIFIER_KERNEL ->
          decay.getKernels();
      case DEPTHWISE_KERNEL -> decay.hasDepthwise() ? decay.getDepthwise() : decay.getKernels();
      case BIAS -> decay.getBiases();
      case GAMMA, BETA -> decay.getBatchNorm();
      case MOVING_MEAN, MOVING_VARIANCE -> 0;
    };
  }
}
