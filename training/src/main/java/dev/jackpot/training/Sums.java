package dev.jackpot.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * Sums over tensors, in float64.
 *
 * @param <T> element type of the tensors
 */
record Sums<T extends TFloating>(Ops tf) {
  /** Over all elements: scalar. */
  Operand<TFloat64> sum(Operand<T> values) {
    Operand<TFloat64> wide = tf.dtypes.cast(values, TFloat64.class);
    return tf.reduceSum(tf.reshape(wide, tf.constant(new int[] {-1})), tf.constant(0));
  }

  /** ⟨a_k, b_k⟩ for each k: [k]. */
  Operand<TFloat64> each(List<Operand<T>> a, List<Operand<T>> b) {
    List<Operand<TFloat64>> sums = new ArrayList<>();
    for (int k = 0; k < a.size(); k++) {
      sums.add(sum(tf.math.mul(a.get(k), b.get(k))));
    }
    return tf.stack(sums);
  }

  /** Σ ⟨a_k, b_k⟩: scalar. */
  Operand<TFloat64> dot(List<Operand<T>> a, List<Operand<T>> b) {
    return tf.reduceSum(each(a, b), tf.constant(0));
  }

  /** √Σ ⟨a_k, a_k⟩: scalar. */
  Operand<TFloat64> norm(List<Operand<T>> a) {
    return tf.math.sqrt(dot(a, a));
  }
}
