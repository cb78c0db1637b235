package dev.jackpot.graph;

/**
 * What a parameter is to its network. Decides its initial value, its weight decay and whether it
 * can be pruned.
 */
public enum Role {
  /** [height, width, in, out]. */
  CONVOLUTION_KERNEL,
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
    return this == CONVOLUTION_KERNEL || this == DENSE_KERNEL || this == CLASSIFIER_KERNEL;
  }

  /** A running average: moved by the forward pass in training, never by gradients. */
  public boolean isAverage() {
    return this == MOVING_MEAN || this == MOVING_VARIANCE;
  }
}
