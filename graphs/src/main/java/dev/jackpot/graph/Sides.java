package dev.jackpot.graph;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.MaxPoolWithArgmax;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * On which side of every bend (ReLU, ReLU6, max-pooling) a forward pass was, so that another pass
 * over the same images can keep to these sides. With them fixed the network is smooth, and its
 * second derivatives are those that automatic differentiation gives; without, a difference of
 * gradients counts every bend that lies between the two points, however near they are
 * (docs/gradient-criteria.md has the figures).
 *
 * @param <T> element type
 */
final class Sides<T extends TFloating> {
  private final Class<T> type;
  private final List<Operand<T>> slopes = new ArrayList<>();
  private final List<Operand<T>> tops = new ArrayList<>();
  private final List<Operand<TInt64>> winners = new ArrayList<>();

  Sides(Class<T> type) {
    this.type = type;
  }

  /**
   * A pass like the ordinary one that notes its sides here.
   *
   * @param at the parameters of this pass
   */
  Pass<T> noting(Ops tf, Moved<T> at) {
    return new Noting(tf, at);
  }

  /**
   * A pass of the same layers in the same order that keeps to the noted sides.
   *
   * @param moved the parameters of this pass
   */
  Pass<T> keeping(Ops tf, Moved<T> moved) {
    return new Keeping(tf, moved);
  }

  private static final double TOP = 6;

  private final class Noting extends MovedPass<T> {
    Noting(Ops tf, Moved<T> at) {
      super(tf, at);
    }

    @Override
    Operand<T> relu(Operand<T> x) {
      slopes.add(flag(tf.math.greater(x, number(0))));
      return super.relu(x);
    }

    @Override
    Operand<T> relu6(Operand<T> x) {
      Operand<T> top = flag(tf.math.greaterEqual(x, number(TOP)));
      slopes.add(tf.math.sub(flag(tf.math.greater(x, number(0))), top));
      tops.add(tf.math.mul(top, number(TOP)));
      return super.relu6(x);
    }

    @Override
    Operand<T> maxPool(Operand<T> x, int size, int stride, String padding) {
      List<Long> window = List.of(1L, (long) size, (long) size, 1L);
      MaxPoolWithArgmax<T, TInt64> pool =
          tf.nn.maxPoolWithArgmax(
              x,
              window,
              Frame.strides(stride),
              TInt64.class,
              padding,
              MaxPoolWithArgmax.includeBatchInIndex(true));
      winners.add(pool.argmax());
      return pool.output();
    }

    private Operand<T> flag(Operand<TBool> flags) {
      return tf.stopGradient(tf.dtypes.cast(flags, type));
    }

    private Operand<T> number(double value) {
      return tf.dtypes.cast(tf.constant(value), type);
    }
  }

  private final class Keeping extends MovedPass<T> {
    private final Iterator<Operand<T>> slope = slopes.iterator();
    private final Iterator<Operand<T>> top = tops.iterator();
    private final Iterator<Operand<TInt64>> winner = winners.iterator();

    Keeping(Ops tf, Moved<T> moved) {
      super(tf, moved);
    }

    @Override
    Operand<T> relu(Operand<T> x) {
      return tf.math.mul(x, slope.next());
    }

    @Override
    Operand<T> relu6(Operand<T> x) {
      return tf.math.add(tf.math.mul(x, slope.next()), top.next());
    }

    @Override
    Operand<T> maxPool(Operand<T> x, int size, int stride, String padding) {
      Operand<T> values = tf.reshape(x, tf.constant(new int[] {-1}));
      return tf.gather(values, winner.next(), tf.constant(0));
    }
  }
}
