package dev.jackpot.training;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.MaskSelection;
import java.util.Random;

/** Scores that a search starts from and that nothing but a seed decides. */
final class InitialScores {
  private InitialScores() {}

  /**
   * As many draws from U[low, high) as there are weights: the kept ones get the highest, in the
   * order drawn, the pruned ones the others. Of a mask that is itself random they are independent.
   *
   * @return of the mask's shape
   */
  static HostTensor random(Mask mask, double low, double high, long seed) {
    Random random = new Random(seed);
    float[] draws = new float[mask.size()];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = (float) (low + (high - low) * random.nextFloat());
    }
    Mask highest = MaskSelection.topK(draws, mask.kept());
    float[] scores = new float[draws.length];
    int nextHigh = 0;
    int nextLow = 0;
    for (int i = 0; i < scores.length; i++) {
      if (mask.kept(i)) {
        nextHigh = next(highest, nextHigh, true);
        scores[i] = draws[nextHigh++];
      } else {
        nextLow = next(highest, nextLow, false);
        scores[i] = draws[nextLow++];
      }
    }
    return new HostTensor(mask.shape(), scores);
  }

  private static int next(Mask highest, int from, boolean kept) {
    int i = from;
    while (highest.kept(i) != kept) {
      i++;
    }
    return i;
  }
}
