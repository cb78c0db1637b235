package dev.jackpot.pruning;

import org.tensorflow.ndarray.Shape;

/**
 * One step's mask update of one kernel (lottery jackpots, section 2.5), in Java: the reference that
 * {@link MaskUpdateOps} follows bit for bit.
 *
 * <p>With K kept weights and weights ordered by score, higher first, of equal scores the lower
 * index first:
 *
 * <pre>
 * C0 = pruned weights among the first K    C1 = kept weights behind them    c = |C0| = |C1|
 * q  = 0 if c = 0, else max(1, ceil(rate · c))
 * revive the first q of C0, remove the last q of C1
 * </pre>
 *
 * The paper's code leaves a kernel alone when equal scores cross the cut, since its C0 and C1 then
 * differ in size; breaking ties by index keeps them equal always, so nothing needs guarding. Scores
 * are not touched.
 */
public final class MaskUpdate {
  private MaskUpdate() {}

  /** The number of swaps q among {@code candidates} wanted ones at a rate in (0, 1]. */
  public static int swaps(int candidates, double rate) {
    return (int) Math.min(candidates, Math.max(1, Math.ceil(rate * candidates)));
  }

  /**
   * Updates a mask in place.
   *
   * @param scores a score per weight, free of NaN
   * @param kept the mask, changed here; its number of kept weights stays as it is
   * @param rate share of the wanted swaps to carry out, in (0, 1]
   * @return the number of swaps
   */
  public static int update(float[] scores, boolean[] kept, double rate) {
    if (scores.length != kept.length) {
      throw new IllegalArgumentException(
          "%d scores for a mask of %d".formatted(scores.length, kept.length));
    }
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate is %s; expected a number in (0, 1]".formatted(rate));
    }
    Mask before = Mask.of(Shape.of(kept.length), kept);
    Mask top = MaskSelection.topK(scores, before.kept());
    int candidates = before.kept() - before.intersection(top);
    int swaps = swaps(candidates, rate);
    int[] wanted = new int[candidates];
    int[] unwanted = new int[candidates];
    int nextWanted = 0;
    int nextUnwanted = 0;
    for (int i = 0; i < scores.length; i++) {
      if (top.kept(i) && !kept[i]) {
        wanted[nextWanted++] = i;
      } else if (!top.kept(i) && kept[i]) {
        unwanted[nextUnwanted++] = i;
      }
    }
    Mask revived = MaskSelection.topK(gather(scores, wanted), swaps);
    Mask spared = MaskSelection.topK(gather(scores, unwanted), candidates - swaps);
    for (int i = 0; i < candidates; i++) {
      kept[wanted[i]] = revived.kept(i);
      kept[unwanted[i]] = spared.kept(i);
    }
    return swaps;
  }

  private static float[] gather(float[] values, int[] indices) {
    float[] gathered = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      gathered[i] = values[indices[i]];
    }
    return gathered;
  }
}
