package dev.jackpot.graph;

/** How a kernel enters the forward pass. */
public enum KernelForm {
  /** ŵ = w. */
  DENSE,
  /** ŵ = w ⊙ m; gradients reach the kept weights only. */
  MASKED,
  /**
   * ŵ = stopGradient(w) ⊙ (m + s − stopGradient(s)): the value is w ⊙ m exactly (s − s is 0 in
   * floating point), the gradient of the score is ∂L/∂ŵ ⊙ w at every position, kept or pruned
   * (docs/lottery-jackpots.md).
   */
  SEARCHED;

  public boolean hasMask() {
    return this != DENSE;
  }
}
