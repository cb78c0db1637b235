package dev.jackpot.pruning;

import java.util.Collection;

/**
 * Where the K best of many scores end, found in two passes over them and in constant memory (a
 * radix selection over the two halves of the float's bits, instead of a sort).
 *
 * <p>The order is total: a higher score comes first, of equal scores (0 equals −0) the one that
 * stands earlier. So the K best are the scores whose {@link #key} is above {@code key}, and the
 * first {@code ties} of those at {@code key}.
 *
 * @param key the key of the K-th best score
 * @param ties how many of the scores with that very key are among the K best; 0 only if K is 0
 */
record Cut(int key, long ties) {
  private static final int HALF = 1 << 15;

  /** A number that orders as the score does: −inf … −0 = 0 … inf. Not for NaN. */
  static int key(float score) {
    int bits = Float.floatToRawIntBits(score + 0f);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  /** The score that has the key; 0 of 0 and −0. */
  float score() {
    return Float.intBitsToFloat(key ^ (key >> 31 & Integer.MAX_VALUE));
  }

  /**
   * @param scores free of NaN
   * @param kept K, from 0 to the number of scores
   */
  static Cut of(Collection<float[]> scores, long kept) {
    if (kept == 0) {
      return new Cut(Integer.MAX_VALUE, 0);
    }
    long[] counts = new long[2 * HALF];
    for (float[] array : scores) {
      for (float score : array) {
        counts[(key(score) >> 16) + HALF]++;
      }
    }
    long wanted = kept;
    int high = counts.length - 1;
    while (wanted > counts[high]) {
      wanted -= counts[high--];
    }
    long[] lowCounts = new long[2 * HALF];
    for (float[] array : scores) {
      for (float score : array) {
        int key = key(score);
        if ((key >> 16) + HALF == high) {
          lowCounts[key & 0xffff]++;
        }
      }
    }
    int low = lowCounts.length - 1;
    while (wanted > lowCounts[low]) {
      wanted -= lowCounts[low--];
    }
    return new Cut(high - HALF << 16 | low, wanted);
  }
}
