package dev.jackpot.training.data;

/**
 * Random numbers without a state to save: each is a function of a seed and the counters that name
 * its use (an epoch, a position). It does not matter who draws it, or when, so batches are the same
 * for any number of threads and wherever a run resumes. The function is SplitMix64's finalizer
 * (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
 */
final class CounterRandom {
  static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** 64 random bits for (seed, a, b). */
  static long bits(long seed, long a, long b) {
    return mix(mix(mix(seed + GOLDEN) + (a + 1) * GOLDEN) + (b + 1) * GOLDEN);
  }

  /** A number in [0, bound) from the 32 high bits; its bias is below bound / 2³². */
  static int below(long bits, int bound) {
    return (int) (((bits >>> 32) * bound) >>> 32);
  }

  /** Scrambles: every bit of the result depends on every bit of {@code z}. */
  static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A permutation of 0 … size − 1 for (seed, counter), by Fisher and Yates' shuffle. */
  static int[] permutation(int size, long seed, long counter) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = below(bits(seed, counter, i), i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
