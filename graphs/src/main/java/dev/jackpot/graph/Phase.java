package dev.jackpot.graph;

/** What a forward pass is for: batch norm, biases, gates and dropout differ. */
public enum Phase {
  /**
   * Batch norm by the batch's own mean and variance; running averages are updated; dropout drops.
   */
  TRAINING,
  /** Batch norm by the running averages. */
  INFERENCE,
  /**
   * Batch norm by the batch's own mean and variance as in training, but nothing moves and nothing
   * is dropped: for gradients at weights as they are.
   */
  SCORING,
  /**
   * Kernels by their absolute values, and everything out of the way that is not positively
   * homogeneous: batch norm, biases, squeeze-excite's gates, the bends of ReLU6 and hard-swish. On
   * a positive input the logits are then sums over paths of products of weights, and linear in each
   * kernel (SynFlow: Tanaka et al. 2020). In any element type.
   */
  FLOW;

  boolean usesBatchStatistics() {
    return this == TRAINING || this == SCORING;
  }
}
