package dev.jackpot.graph;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * How parameters enter one forward pass and what it does where the network bends. This one is the
 * ordinary pass; others depart from it.
 *
 * @param <T> element type
 */
class Pass<T extends TFloating> {
  final Ops tf;

  Pass(Ops tf) {
    this.tf = tf;
  }

  /**
   * The parameter as it is used.
   *
   * @param value as it was read; of a kernel, as its {@link KernelForm} makes it
   */
  Operand<T> parameter(Parameter parameter, Operand<T> value) {
    return value;
  }

  Operand<T> relu(Operand<T> x) {
    return tf.nn.relu(x);
  }

  Operand<T> relu6(Operand<T> x) {
    return tf.nn.relu6(x);
  }

  /** min(max(x, 0), 6) where it is part of a gate, not an activation. */
  Operand<T> gate(Operand<T> x) {
    return relu6(x);
  }

  /** α, which ghost skips are multiplied by, scalar; empty in a pass that has none. */
  Optional<Operand<T>> skipFactor() {
    return Optional.empty();
  }

  /**
   * The largest value of each window.
   *
   * @param x framed as the padding says
   */
  Operand<T> maxPool(Operand<T> x, int size, int stride, String padding) {
    return tf.nn.maxPool(
        x,
        tf.constant(new int[] {1, size, size, 1}),
        tf.constant(new int[] {1, stride, stride, 1}),
        padding);
  }
}
