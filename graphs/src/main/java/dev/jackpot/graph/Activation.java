package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** What follows a batch norm where a family's origins or tables differ in it. */
enum Activation {
  RELU,
  RELU6,
  HARD_SWISH;

  /** The activation of {@code x}, element by element. */
  <T extends TFloating> Operand<T> of(Layers<T> layers, Operand<T> x) {
    return switch (this) {
      case RELU -> layers.relu(x);
      case RELU6 -> layers.relu6(x);
      case HARD_SWISH -> layers.hardSwish(x);
    };
  }

  /** The activation after batch norm. */
  <T extends TFloating> Operand<T> normed(Layers<T> layers, String batchNorm, Operand<T> x) {
    return of(layers, layers.batchNorm(batchNorm, x));
  }
}
