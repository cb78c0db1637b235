package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/**
 * What gates are made of in one forward pass.
 *
 * @param <T> element type
 */
final class Gates<T extends TFloating> {
  static final double SLOPE = 1. / 6;

  private static final Mean.Options KEEP_DIMENSIONS = Mean.keepDims(true);

  private final Ops tf;
  private final Class<T> type;
  private final Phase phase;
  private final Pass<T> pass;

  Gates(Ops tf, Class<T> type, Phase phase, Pass<T> pass) {
    this.tf = tf;
    this.type = type;
    this.phase = phase;
    this.pass = pass;
  }

  /** min(max(x + 3, 0), 6) · slope; 1 in {@link Phase#FLOW}. */
  Operand<T> hardSigmoid(Operand<T> x, double slope) {
    if (phase == Phase.FLOW) {
      return tf.fill(tf.shape(x), number(1));
    }
    return tf.math.mul(pass.gate(tf.math.add(x, number(3))), number(slope));
  }

  /** Mean over height and width: [batch, 1, 1, channels]. */
  Operand<T> mean(Operand<T> x) {
    return tf.math.mean(x, tf.constant(new int[] {1, 2}), KEEP_DIMENSIONS);
  }

  private Operand<T> number(double value) {
    return tf.dtypes.cast(tf.constant(value), type);
  }
}
