package dev.jackpot.graph;

/** What a forward pass is for: batch norm differs. */
public enum Phase {
  /** Batch norm by the batch's own mean and variance; running averages are updated. */
  TRAINING,
  /** Batch norm by the running averages. */
  INFERENCE
}
