package dev.jackpot.pruning;

import java.util.Random;

/** Random scores of several kinds. */
final class Draw {
  private static final int KINDS = 4;

  private Draw() {}

  /**
   * Kind 0: distinct normal values. 1: few values, many ties. 2: a search's start, moved a little.
   * 3: all equal.
   */
  static float[] scores(Random random, int n, int kind) {
    float[] scores = new float[n];
    for (int i = 0; i < n; i++) {
      scores[i] =
          switch (kind % KINDS) {
            case 0 -> (float) random.nextGaussian();
            case 1 -> random.nextInt(5) - 2;
            case 2 ->
                (random.nextInt(10) == 0 ? 1f : 0.99f)
                    + (random.nextBoolean() ? 0 : 0.005f * (float) random.nextGaussian());
            default -> 0.99f;
          };
    }
    return scores;
  }

  /** Moves each value a little. */
  static void perturb(Random random, float[] scores) {
    for (int i = 0; i < scores.length; i++) {
      scores[i] += 0.05f * (float) random.nextGaussian();
    }
  }
}
