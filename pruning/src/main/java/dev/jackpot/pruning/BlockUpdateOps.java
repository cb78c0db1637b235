package dev.jackpot.pruning;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * {@link MaskUpdate} over blocks as ops of a graph: a block's score is the mean of its weights',
 * and blocks are swapped as {@link MaskUpdateOps} swaps weights.
 */
final class BlockUpdateOps {
  private final Ops tf;
  private final BlockUnits units;

  private BlockUpdateOps(Ops tf, BlockUnits units) {
    this.tf = tf;
    this.units = units;
  }

  /**
   * As {@link MaskUpdateOps#update}.
   *
   * @param kept number of kept blocks
   */
  static MaskUpdateOps.Update update(
      Ops tf,
      BlockUnits units,
      Operand<TFloat32> score,
      Operand<TFloat32> mask,
      int kept,
      Operand<TFloat64> rate,
      Threshold threshold) {
    BlockUpdateOps ops = new BlockUpdateOps(tf, units);
    MaskUpdateOps.Update blocks =
        MaskUpdateOps.update(tf, ops.means(score), ops.blockMask(mask), kept, rate, threshold);
    return new MaskUpdateOps.Update(ops.spread(blocks.mask()), blocks.swaps());
  }

  /** Mean scores, [blocks]. In double precision, so that the order of the sum does not matter. */
  private Operand<TFloat32> means(Operand<TFloat32> score) {
    Operand<TFloat64> sums =
        tf.reduceSum(tf.dtypes.cast(blocked(score), TFloat64.class), tf.constant(new int[] {1, 3}));
    double[] sizes = units.sizes();
    Operand<TFloat64> size =
        tf.constant(Shape.of(units.down(), units.across()), DataBuffers.of(sizes));
    return flat(tf.dtypes.cast(tf.math.div(sums, size), TFloat32.class));
  }

  /** 1 where the block is kept, [blocks]. */
  private Operand<TFloat32> blockMask(Operand<TFloat32> mask) {
    return flat(tf.reduceMax(blocked(mask), tf.constant(new int[] {1, 3})));
  }

  private Operand<TFloat32> flat(Operand<TFloat32> blocks) {
    return tf.reshape(blocks, tf.constant(new int[] {units.count()}));
  }

  /** [down, height, across, width], filled up with zeros. */
  private Operand<TFloat32> blocked(Operand<TFloat32> kernel) {
    Operand<TFloat32> matrix =
        tf.reshape(kernel, tf.constant(new int[] {units.rows(), units.columns()}));
    int below = units.down() * units.height() - units.rows();
    int beside = units.across() * units.width() - units.columns();
    Operand<TFloat32> filled =
        below == 0 && beside == 0
            ? matrix
            : tf.pad(matrix, tf.constant(new int[][] {{0, below}, {0, beside}}), tf.constant(0f));
    return tf.reshape(
        filled,
        tf.constant(new int[] {units.down(), units.height(), units.across(), units.width()}));
  }

  /** The kernel's mask from that of its blocks. */
  private Operand<TFloat32> spread(Operand<TFloat32> blocks) {
    Operand<TFloat32> cells =
        tf.reshape(blocks, tf.constant(new int[] {units.down(), 1, units.across(), 1}));
    Operand<TInt32> whole =
        tf.constant(new int[] {units.down(), units.height(), units.across(), units.width()});
    Operand<TFloat32> matrix =
        tf.reshape(
            tf.broadcastTo(cells, whole),
            tf.constant(new int[] {units.down() * units.height(), units.across() * units.width()}));
    Operand<TFloat32> cut =
        tf.slice(
            matrix,
            tf.constant(new int[] {0, 0}),
            tf.constant(new int[] {units.rows(), units.columns()}));
    return tf.reshape(cut, tf.constant(units.shape().asArray()));
  }
}
