package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The ordinary pass at other values of the parameters.
 *
 * @param <T> element type
 */
class MovedPass<T extends TFloating> extends Pass<T> {
  private final Moved<T> moved;

  MovedPass(Ops tf, Moved<T> moved) {
    super(tf);
    this.moved = moved;
  }

  @Override
  Operand<T> parameter(Parameter parameter, Operand<T> value) {
    return moved.value(tf, parameter, value);
  }
}
