package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** The pass of {@link Phase#FLOW}: no value is negative, so ReLU changes nothing. */
final class FlowPass<T extends TFloating> extends Pass<T> {
  FlowPass(Ops tf) {
    super(tf);
  }

  @Override
  Operand<T> parameter(Parameter parameter, Operand<T> value) {
    return tf.math.abs(value);
  }

  @Override
  Operand<T> relu(Operand<T> x) {
    return x;
  }

  @Override
  Operand<T> relu6(Operand<T> x) {
    return x;
  }
}
