package dev.jackpot.pruning;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.nn.TopK;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * {@link NmUpdate} as ops of a graph, the same bit for bit for finite scores.
 *
 * <p>The kernel is turned so that each group is a row of M, short groups filled up with pruned
 * weights of score −∞; rows are sorted. The positions of wanted weights, row by row from the best,
 * and those of unwanted ones, row by row from the worst, are then lists of equal length whose j-th
 * members are a pair.
 */
final class NmUpdateOps {
  private final Ops tf;
  private final NmUnits units;
  private final int groups;
  private final int rows;

  private NmUpdateOps(Ops tf, NmUnits units) {
    this.tf = tf;
    this.units = units;
    this.groups = (units.matrix().channels() + units.m() - 1) / units.m();
    this.rows = units.matrix().taps() * groups * units.matrix().columns();
  }

  /** As {@link MaskUpdateOps#update}. */
  static MaskUpdateOps.Update update(
      Ops tf,
      NmUnits units,
      Operand<TFloat32> score,
      Operand<TFloat32> mask,
      Operand<TFloat64> rate) {
    return new NmUpdateOps(tf, units).update(score, mask, rate);
  }

  private MaskUpdateOps.Update update(
      Operand<TFloat32> score, Operand<TFloat32> mask, Operand<TFloat64> rate) {
    int m = units.m();
    Operand<TInt32> one = tf.constant(1);
    Operand<TFloat32> ones = toRows(mask, 0);
    TopK<TFloat32, TInt32> sorted =
        tf.nn.topK(toRows(score, Float.NEGATIVE_INFINITY), tf.constant(m), TInt32.class);
    Operand<TInt32> kept =
        tf.dtypes.cast(tf.gather(ones, sorted.indices(), one, Gather.batchDims(1L)), TInt32.class);
    Operand<TInt32> position = tf.constant(range(m));
    Operand<TInt32> count = tf.expandDims(tf.reduceSum(kept, one), one);
    Operand<TInt32> top = tf.dtypes.cast(tf.math.less(position, count), TInt32.class);
    // 1: wanted, −1: unwanted
    Operand<TInt32> wish = tf.math.sub(top, kept);
    Operand<TInt32> axis = tf.constant(new int[] {1});
    Operand<TInt64> wanted = tf.where(is(wish, 1));
    Operand<TInt64> unwanted = tf.where(is(tf.reverse(wish, axis), -1));

    Operand<TFloat32> gains =
        tf.math.sub(
            tf.gatherNd(sorted.values(), wanted),
            tf.gatherNd(tf.reverse(sorted.values(), axis), unwanted));
    Operand<TInt32> swaps = MaskUpdateOps.swaps(tf, tf.size(gains), rate);
    Operand<TInt32> chosen = tf.nn.topK(gains, swaps, TInt32.class).indices();
    Operand<TFloat32> revived =
        put(ones, flat(sorted.indices(), tf.gather(wanted, chosen, tf.constant(0))), swaps, 1);
    Operand<TFloat32> updated =
        put(
            revived,
            flat(tf.reverse(sorted.indices(), axis), tf.gather(unwanted, chosen, tf.constant(0))),
            swaps,
            0);
    return new MaskUpdateOps.Update(fromRows(updated), swaps);
  }

  private Operand<TBool> is(Operand<TInt32> values, int value) {
    return tf.math.equal(values, tf.constant(value));
  }

  /** Indices [n, 1] into the flat rows of what stands at (row, sorted position), [n, 2]. */
  private Operand<TInt64> flat(Operand<TInt32> order, Operand<TInt64> places) {
    Operand<TInt64> row =
        tf.slice(places, tf.constant(new int[] {0, 0}), tf.constant(new int[] {-1, 1}));
    Operand<TInt64> within =
        tf.expandDims(tf.dtypes.cast(tf.gatherNd(order, places), TInt64.class), tf.constant(1));
    return tf.math.add(tf.math.mul(row, tf.constant((long) units.m())), within);
  }

  /** The rows with one value at some of their flat indices. */
  private Operand<TFloat32> put(
      Operand<TFloat32> rowsOf, Operand<TInt64> indices, Operand<TInt32> count, float value) {
    Operand<TFloat32> flat = tf.reshape(rowsOf, tf.constant(new int[] {rows * units.m()}));
    Operand<TFloat32> values = tf.fill(tf.expandDims(count, tf.constant(0)), tf.constant(value));
    return tf.tensorScatterNdUpdate(flat, indices, values);
  }

  /** [taps · groups · columns, m]. */
  private Operand<TFloat32> toRows(Operand<TFloat32> kernel, float filling) {
    KernelMatrix k = units.matrix();
    int missing = groups * units.m() - k.channels();
    Operand<TFloat32> taps =
        tf.reshape(kernel, tf.constant(new int[] {k.taps(), k.channels(), k.columns()}));
    Operand<TFloat32> filled =
        missing == 0
            ? taps
            : tf.concat(
                Arrays.asList(
                    taps,
                    tf.fill(
                        tf.constant(new int[] {k.taps(), missing, k.columns()}),
                        tf.constant(filling))),
                tf.constant(1));
    Operand<TFloat32> grouped =
        tf.reshape(filled, tf.constant(new int[] {k.taps(), groups, units.m(), k.columns()}));
    return tf.reshape(
        tf.linalg.transpose(grouped, tf.constant(new int[] {0, 1, 3, 2})),
        tf.constant(new int[] {rows, units.m()}));
  }

  private Operand<TFloat32> fromRows(Operand<TFloat32> flat) {
    KernelMatrix k = units.matrix();
    Operand<TFloat32> grouped =
        tf.reshape(flat, tf.constant(new int[] {k.taps(), groups, k.columns(), units.m()}));
    Operand<TFloat32> channels =
        tf.reshape(
            tf.linalg.transpose(grouped, tf.constant(new int[] {0, 1, 3, 2})),
            tf.constant(new int[] {k.taps(), groups * units.m(), k.columns()}));
    Operand<TFloat32> cut =
        tf.slice(
            channels,
            tf.constant(new int[] {0, 0, 0}),
            tf.constant(new int[] {k.taps(), k.channels(), k.columns()}));
    return tf.reshape(cut, tf.constant(units.shape().asArray()));
  }

  private static int[] range(int n) {
    int[] range = new int[n];
    Arrays.setAll(range, i -> i);
    return range;
  }
}
