package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A smooth activation that becomes ReLU by and by. One scalar says how far it is on its way:
 * Swish's β, the share of ReLU in a blend.
 */
public interface SoftNeuron {
  /**
   * The activation, element by element. It must have gradients.
   *
   * @param scalar what {@link #scalar} gave
   */
  <T extends TFloating> Operand<T> of(Ops tf, Operand<T> x, Operand<T> scalar);

  /**
   * The scalar.
   *
   * @param u share of the way to the hand-over that is behind, in [0, 1]
   */
  double scalar(double u);
}
