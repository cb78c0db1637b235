package dev.jackpot.graph;

/**
 * What a parameter is to its network. Decides its initial value, its weight decay and whether it
 * can be pruned.
 */
public enum Role {
  /** [height, width, in, out]. */
  CONVOLUTION_KERNEL,
  /** [height, width, channels, multiplier]. */
  DEPTHWISE_KERNEL,
  /** [1, 1, in, out] of one of a squeeze-excite's two layers. */
  SQUEEZE_EXCITE_KERNEL,
  /** [in, out] of a hidden dense layer. */
  DENSE_KERNEL,
  /** [in, out] of the last layer, whose outputs are the logits. */
  CLASSIFIER_KERNEL,
  /** [out]. */
  BIAS,
  /** Batch norm's γ, [channels]. */
  GAMMA,
  /** Batch norm's β, [channels]. */
  BETA,
  /** Batch norm's running mean, [channels]. */
  MOVING_MEAN,
  /** Batch norm's running variance, [channels]. */
  MOVING_VARIANCE;

  /** A kernel: what masks lie on. */
  public boolean isKernel() {
    return switch (this) {
      case CONVOLUTION_KERNEL,
          DEPTHWISE_KERNEL,
          SQUEEZE_EXCITE_KERNEL,
          DENSE_KERNEL,
          CLASSIFIER_KERNEL ->
          true;
      default -> false;
    };
  }

  /** A running average: moved by the forward pass in training, never by gradients. */
  public boolean isAverage() {
    return this == MOVING_MEAN || this == MOVING_VARIANCE;
  }
}
