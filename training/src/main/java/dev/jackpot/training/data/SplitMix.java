package dev.jackpot.training.data;

/**
 * A stream of random numbers from a seed: SplitMix64 (Steele, Lea and Flood 2014). The same bits on
 * every platform, which java.util.SplittableRandom does not promise.
 */
final class SplitMix {
  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  /** 64 random bits. */
  long bits() {
    state += CounterRandom.GOLDEN;
    return CounterRandom.mix(state);
  }

  /** A number in [0, 1), of 53 bits. */
  double uniform() {
    return (bits() >>> 11) * 0x1p-53;
  }

  /** A number in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * uniform();
  }

  /** A whole number in 0 … most. */
  int upTo(int most) {
    return CounterRandom.below(bits(), most + 1);
  }

  /** An angle in radians, from the whole circle. */
  double angle() {
    return between(0, 2 * Math.PI);
  }

  /**
   * About normal with mean 0 and variance 1: the sum of four uniform 16-bit numbers, so within
   * ±3.47.
   */
  double normal() {
    long bits = bits();
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum - 131070.0) / 37837.2;
  }
}
