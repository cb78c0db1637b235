package dev.jackpot.graph;

/**
 * What a layer's kernel costs for one image. A kernel with k non-zero weights costs k · positions
 * multiply-accumulates; padding is counted as computed, biases, batch norm, activations and
 * additions are not counted.
 *
 * @param kernel the kernel's parameter
 * @param positions output positions at which each weight is used once: height · width of a
 *     convolution's output, 1 for a dense layer
 */
public record LayerCost(Parameter kernel, long positions) {
  /** Multiply-accumulates with every weight kept. */
  public long dense() {
    return kernel.shape().size() * positions;
  }
}
