package dev.jackpot.pruning;

import org.tensorflow.ndarray.Shape;

/** One step's mask update of one kernel under its pattern, in Java: swaps that keep to it. */
public final class PatternUpdate {
  private PatternUpdate() {}

  /** Whether a search can keep to these units: those of the built-in patterns. */
  public static boolean supports(Units units) {
    return units instanceof FreePattern.Weights
        || units instanceof BlockUnits
        || units instanceof NmUnits;
  }

  /**
   * Updates a mask in place: {@link MaskUpdate} over weights or over blocks (by the means of their
   * scores), {@link NmUpdate} within the groups of an N:M pattern.
   *
   * @param units of a pattern that {@link #supports} knows
   * @param scores a finite score per weight
   * @param kept the mask, which keeps to the pattern; changed here
   * @param rate share of the wanted swaps to carry out, in (0, 1]
   * @return the number of pairs of units that changed sides
   */
  public static int update(Units units, float[] scores, boolean[] kept, double rate) {
    if (units instanceof NmUnits groups) {
      return NmUpdate.update(groups, scores, kept, rate);
    } else if (units instanceof BlockUnits blocks) {
      boolean[] keptBlocks = blocks.blocks(kept);
      float[] means = blocks.scores(scores, Criterion.Reduction.MEAN);
      int swaps = MaskUpdate.update(means, keptBlocks, rate);
      Mask updated = blocks.spread(Mask.of(Shape.of(keptBlocks.length), keptBlocks));
      System.arraycopy(updated.toBooleans(), 0, kept, 0, kept.length);
      return swaps;
    } else if (units instanceof FreePattern.Weights) {
      return MaskUpdate.update(scores, kept, rate);
    }
    throw new IllegalArgumentException("no update for " + units.getClass().getName());
  }
}
