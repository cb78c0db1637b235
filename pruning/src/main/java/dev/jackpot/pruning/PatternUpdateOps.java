package dev.jackpot.pruning;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** {@link PatternUpdate} as ops of a graph. */
public final class PatternUpdateOps {
  private PatternUpdateOps() {}

  /**
   * Adds the update of one kernel.
   *
   * @param tf where the ops are added
   * @param units of a pattern that {@link PatternUpdate#supports} knows
   * @param score the current scores, float32, the kernel's shape
   * @param mask the current mask, float32 of 0 and 1, the kernel's shape
   * @param first the mask of the first step, which has as many kept units as every later one. If it
   *     keeps all or nothing, no ops are added and the mask is handed back.
   * @param rate share of the wanted swaps to carry out, a scalar in (0, 1]
   * @param threshold how the K-th highest score is found
   */
  public static MaskUpdateOps.Update update(
      Ops tf,
      Units units,
      Operand<TFloat32> score,
      Operand<TFloat32> mask,
      Mask first,
      Operand<TFloat64> rate,
      Threshold threshold) {
    if (first.kept() == 0 || first.pruned() == 0) {
      return new MaskUpdateOps.Update(mask, tf.constant(0));
    } else if (units instanceof NmUnits groups) {
      return NmUpdateOps.update(tf, groups, score, mask, rate);
    } else if (units instanceof BlockUnits blocks) {
      int kept = 0;
      for (boolean block : blocks.blocks(first.toBooleans())) {
        kept += block ? 1 : 0;
      }
      return BlockUpdateOps.update(tf, blocks, score, mask, kept, rate, threshold);
    } else if (units instanceof FreePattern.Weights) {
      return MaskUpdateOps.update(tf, score, mask, first.kept(), rate, threshold);
    }
    throw new IllegalArgumentException("no update for " + units.getClass().getName());
  }
}
