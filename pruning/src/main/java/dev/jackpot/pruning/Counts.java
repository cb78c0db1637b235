package dev.jackpot.pruning;

import dev.jackpot.config.ConfigException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Turns a sparsity into integer counts: pruned = floor(sparsity · N), the sparsity read as the
 * decimal a person wrote.
 *
 * <p>0.9 means nine tenths and not the nearest binary fraction, so floor(0.9 · 10) is 9 and
 * floor(0.29 · 100) is 29, where {@code (int) (0.29 * 100)} is 28. Counts are stored as integers
 * from here on and never turned back into a share.
 */
public final class Counts {
  private Counts() {}

  /**
   * How many of {@code size} weights a sparsity prunes.
   *
   * @param sparsity share that is pruned, in [0, 1)
   * @param size number of weights, at least 0
   * @throws ConfigException if the sparsity is out of range
   */
  public static long pruned(double sparsity, long size) {
    check(sparsity);
    return BigDecimal.valueOf(sparsity)
        .multiply(BigDecimal.valueOf(size))
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }

  /** {@code size − pruned(sparsity, size)}. */
  public static long kept(double sparsity, long size) {
    return size - pruned(sparsity, size);
  }

  /**
   * How many of {@code size} weights a density keeps: {@code kept(1 − density)} in decimals, so
   * that 0.1 and a sparsity of 0.9 mean the same.
   *
   * @param density share that is kept, in (0, 1]
   * @throws ConfigException if the density is out of range
   */
  public static long keptOf(double density, long size) {
    if (!(density > 0 && density <= 1)) {
      throw new ConfigException(
          "density: found %s; expected a number in (0, 1]".formatted(density));
    }
    return BigDecimal.valueOf(density)
        .multiply(BigDecimal.valueOf(size))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  /**
   * A sparsity that prunes exactly so many: the smallest of twelve decimals, {@code
   * pruned(sparsity(p, n), n) == p} for n up to 10¹².
   *
   * @param pruned below size
   * @param size number of weights, at least 1
   */
  public static double sparsity(long pruned, long size) {
    return BigDecimal.valueOf(pruned)
        .divide(BigDecimal.valueOf(size), 12, RoundingMode.CEILING)
        .doubleValue();
  }

  private static void check(double sparsity) {
    if (!(sparsity >= 0 && sparsity < 1)) {
      throw new ConfigException(
          "sparsity: found %s; expected a number in [0, 1)".formatted(sparsity));
    }
  }
}
