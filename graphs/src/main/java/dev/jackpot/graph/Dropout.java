package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/** Drops values at random as a function of a seed, and scales the others so that sums stay. */
final class Dropout {
  private Dropout() {}

  /**
   * Adds the ops.
   *
   * @param rate share of the values that is dropped, in (0, 1)
   * @param seed [2]
   */
  static <T extends TFloating> Operand<T> of(
      Ops tf, Class<T> type, Operand<T> x, double rate, Operand<TInt64> seed) {
    Operand<T> drawn = tf.random.statelessRandomUniform(tf.shape(x), seed, type);
    Operand<T> least = tf.dtypes.cast(tf.constant(rate), type);
    Operand<T> kept = tf.dtypes.cast(tf.math.greaterEqual(drawn, least), type);
    Operand<T> scale = tf.dtypes.cast(tf.constant(1 / (1 - rate)), type);
    return tf.math.mul(x, tf.stopGradient(tf.math.mul(kept, scale)));
  }
}
