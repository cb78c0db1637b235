package dev.jackpot.graph;

import org.tensorflow.ndarray.Shape;

/**
 * What a layer's kernel costs for one image. A kernel with k non-zero weights costs k · positions
 * multiply-accumulates; padding is counted as computed, biases, batch norm, activations and
 * additions are not counted.
 *
 * @param kernel the kernel's parameter
 * @param output shape of the layer's output for one image: [height, width, channels] of a
 *     convolution, [units] of a dense layer
 */
public record LayerCost(Parameter kernel, Shape output) {
  /**
   * Output positions at which each weight is used once: height · width of a convolution's output, 1
   * for a dense layer.
   */
  public long positions() {
    return output.size() / output.get(output.numDimensions() - 1);
  }

  /** Multiply-accumulates with every weight kept. */
  public long dense() {
    return kernel.shape().size() * positions();
  }
}
