package dev.jackpot.pruning;

/**
 * {@link MaskUpdate} under an N:M pattern, in Java: the reference that {@link NmUpdateOps} follows
 * bit for bit. Weights change sides only within their group, so that every group keeps its count at
 * every step.
 *
 * <p>With the K kept weights of a group and its weights ordered by score, higher first, of equal
 * scores the lower channel first:
 *
 * <pre>
 * wanted   = pruned weights among the first K, the best first
 * unwanted = kept weights behind them, the worst first
 * pair j   = (wanted j, unwanted j), with gain = score of the one − score of the other
 * </pre>
 *
 * Of all c pairs of the kernel the q = max(1, ceil(rate · c)) with the highest gains are swapped,
 * of equal gains those of the earlier group and the lower j. A group's gains fall with j, so that
 * its best are swapped against its worst.
 */
final class NmUpdate {
  private final NmUnits units;
  private final float[] scores;
  private final boolean[] kept;
  private final int[] order;
  private final int[] wanted;
  private final int[] unwanted;
  private int pairs;

  private NmUpdate(NmUnits units, float[] scores, boolean[] kept) {
    this.units = units;
    this.scores = scores;
    this.kept = kept;
    this.order = new int[units.m()];
    this.wanted = new int[scores.length / 2];
    this.unwanted = new int[scores.length / 2];
  }

  /**
   * Updates a mask in place.
   *
   * @param scores a finite score per weight
   * @param kept the mask, changed here
   * @param rate share of the wanted swaps to carry out, in (0, 1]
   * @return the number of swaps
   */
  static int update(NmUnits units, float[] scores, boolean[] kept, double rate) {
    NmUpdate update = new NmUpdate(units, scores, kept);
    units.forEach(update::collect);
    return update.swap(rate);
  }

  private void collect(int first, int size) {
    int keptHere = 0;
    for (int i = 0; i < size; i++) {
      int index = first + i * units.matrix().columns();
      keptHere += kept[index] ? 1 : 0;
      int at = i;
      for (; at > 0 && Cut.key(scores[order[at - 1]]) < Cut.key(scores[index]); at--) {
        order[at] = order[at - 1];
      }
      order[at] = index;
    }
    int worst = size;
    for (int i = 0; i < keptHere; i++) {
      if (!kept[order[i]]) {
        do {
          worst--;
        } while (!kept[order[worst]]);
        wanted[pairs] = order[i];
        unwanted[pairs++] = order[worst];
      }
    }
  }

  private int swap(double rate) {
    float[] gains = new float[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      gains[pair] = scores[wanted[pair]] - scores[unwanted[pair]];
    }
    int swaps = pairs == 0 ? 0 : MaskUpdate.swaps(pairs, rate);
    Mask chosen = MaskSelection.topK(gains, swaps);
    for (int pair = 0; pair < pairs; pair++) {
      if (chosen.kept(pair)) {
        kept[wanted[pair]] = true;
        kept[unwanted[pair]] = false;
      }
    }
    return swaps;
  }
}
