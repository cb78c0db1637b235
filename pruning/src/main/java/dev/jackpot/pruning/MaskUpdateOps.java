package dev.jackpot.pruning;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Cumsum;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * {@link MaskUpdate} as ops of a graph, the same bit for bit.
 *
 * <p>With τ the K-th highest score, a kept weight above τ stays and a pruned weight below τ stays
 * pruned. All others ("contested": kept with score ≤ τ, or pruned with score ≥ τ) are few; only
 * they are sorted. If k of them are kept, the first k in the sorted order belong to the top K,
 * whatever ties there are, since the sort is stable by index. So a pruned one among the first k is
 * a member of C0, a kept one behind them a member of C1, and running sums over the sorted order
 * choose the first q and the last q. The passes over the whole kernel are those that find τ, mark
 * the contested weights and write the new mask.
 *
 * <p>The number of kept weights stays as it is whatever the scores are; with NaN among them the
 * choice of weights means nothing. Scores closer to 0 than the smallest normal float count as 0 on
 * a device that flushes them.
 */
public final class MaskUpdateOps {
  private MaskUpdateOps() {}

  /**
   * @param mask the new mask, float32 of 0 and 1, same shape
   * @param swaps the number of swaps, a scalar
   */
  public record Update(Operand<TFloat32> mask, Operand<TInt32> swaps) {}

  /**
   * Adds the update of one kernel.
   *
   * @param tf where the ops are added
   * @param score the current scores, float32, fully known shape
   * @param mask the current mask, float32 of 0 and 1, same shape
   * @param kept K, the number of ones in the mask. If it is 0 or all, no ops are added and the mask
   *     is handed back.
   * @param rate share of the wanted swaps to carry out, a scalar in (0, 1]
   * @param threshold how τ is found
   */
  public static Update update(
      Ops tf,
      Operand<TFloat32> score,
      Operand<TFloat32> mask,
      int kept,
      Operand<TFloat64> rate,
      Threshold threshold) {
    Shape shape = mask.shape();
    int size = Math.toIntExact(shape.size());
    if (!score.shape().equals(shape) || kept < 0 || kept > size) {
      throw new IllegalArgumentException(
          "found a score of shape %s, a mask of shape %s and %d kept; expected one fully known shape, and kept in 0 to its size"
              .formatted(score.shape(), shape, kept));
    }
    if (kept == 0 || kept == size) {
      return new Update(mask, tf.constant(0));
    }
    Operand<TInt32> flat = tf.constant(new int[] {size});
    Operand<TFloat32> scores = tf.reshape(score, flat);
    Operand<TFloat32> ones = tf.reshape(mask, flat);
    Operand<TFloat32> cut = cut(tf, scores, kept, size, threshold);

    // Row-major indices of the contested weights, [contested, 1].
    Operand<TInt64> contested =
        tf.where(
            tf.select(
                tf.math.greater(ones, tf.constant(0.5f)),
                tf.math.lessEqual(scores, cut),
                tf.math.greaterEqual(scores, cut)));
    Operand<TFloat32> contestedScores = tf.gatherNd(scores, contested);
    Operand<TInt32> count = tf.size(contestedScores);
    TopK<TFloat32, TInt32> sorted = tf.nn.topK(contestedScores, count, TInt32.class);
    Operand<TInt64> indices = tf.gather(contested, sorted.indices(), tf.constant(0));
    Operand<TInt32> keptBefore = tf.dtypes.cast(tf.gatherNd(ones, indices), TInt32.class);

    Operand<TInt32> all = tf.constant(0);
    Operand<TInt32> keptCount = tf.reduceSum(keptBefore, all);
    Operand<TInt32> position = tf.range(all, count, tf.constant(1));
    Operand<TInt32> top = tf.dtypes.cast(tf.math.less(position, keptCount), TInt32.class);
    // 1: in C0, −1: in C1.
    Operand<TInt32> wish = tf.math.sub(top, keptBefore);
    Operand<TInt32> wanted = tf.math.maximum(wish, all);
    Operand<TInt32> unwanted = tf.math.sub(wanted, wish);
    Operand<TInt32> swaps = swaps(tf, tf.reduceSum(wanted, all), rate);
    Operand<TBool> first = tf.math.lessEqual(tf.math.cumsum(wanted, all), swaps);
    Operand<TBool> last =
        tf.math.lessEqual(tf.math.cumsum(unwanted, all, Cumsum.reverse(true)), swaps);
    Operand<TInt32> revived = tf.math.mul(wanted, tf.dtypes.cast(first, TInt32.class));
    Operand<TInt32> removed = tf.math.mul(unwanted, tf.dtypes.cast(last, TInt32.class));
    Operand<TFloat32> keptAfter =
        tf.dtypes.cast(tf.math.add(keptBefore, tf.math.sub(revived, removed)), TFloat32.class);
    Operand<TFloat32> updated = tf.tensorScatterNdUpdate(ones, indices, keptAfter);
    return new Update(tf.reshape(updated, tf.constant(shape.asArray())), swaps);
  }

  /** τ, a scalar. */
  private static Operand<TFloat32> cut(
      Ops tf, Operand<TFloat32> scores, int kept, int size, Threshold threshold) {
    return switch (threshold) {
      case NTH_ELEMENT -> tf.nn.nthElement(scores, tf.constant(size - kept));
      case TOP_K ->
          tf.gather(
              tf.nn.topK(scores, tf.constant(kept), TInt32.class).values(),
              tf.constant(kept - 1),
              tf.constant(0));
    };
  }

  /** min(c, max(1, ceil(rate · c))). */
  static Operand<TInt32> swaps(Ops tf, Operand<TInt32> candidates, Operand<TFloat64> rate) {
    Operand<TFloat64> c = tf.dtypes.cast(candidates, TFloat64.class);
    Operand<TFloat64> allowed =
        tf.math.maximum(tf.math.ceil(tf.math.mul(rate, c)), tf.constant(1.0));
    return tf.dtypes.cast(tf.math.minimum(allowed, c), TInt32.class);
  }
}
