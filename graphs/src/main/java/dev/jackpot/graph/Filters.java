package dev.jackpot.graph;

/** Numbers of filters under a width multiplier. */
final class Filters {
  private static final int DIVISOR = 8;
  private static final double LEAST_SHARE = .9;

  private Filters() {}

  /** The nearest integer, at least 1. */
  static int rounded(double wanted) {
    return Math.max(1, Math.toIntExact(Math.round(wanted)));
  }

  /**
   * The nearest multiple of 8, at least 8; the next one if that is less than 0.9 of {@code wanted}.
   * MobileNetV2 and V3 round so at all their origins (the first was TF-Slim's).
   */
  static int divisible(double wanted) {
    int filters = Math.max(DIVISOR, (int) (wanted + DIVISOR / 2.) / DIVISOR * DIVISOR);
    return filters < LEAST_SHARE * wanted ? filters + DIVISOR : filters;
  }
}
