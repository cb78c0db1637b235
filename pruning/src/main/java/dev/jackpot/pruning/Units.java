package dev.jackpot.pruning;

import dev.jackpot.pruning.Criterion.Reduction;
import java.util.OptionalInt;

/**
 * What of one kernel can be kept or pruned: single weights, or weights tied together. Numbered from
 * 0 in the order of their first weights' row-major indices.
 */
public interface Units {
  /** Number of units. */
  int count();

  /**
   * How many units are kept if the pattern alone decides that; no allocation is asked then. Empty
   * if any number can be kept.
   */
  default OptionalInt fixed() {
    return OptionalInt.empty();
  }

  /**
   * A score per unit.
   *
   * @param scores a score per weight, row-major; may be handed back as it is
   */
  float[] scores(float[] scores, Reduction reduction);

  /**
   * The mask that keeps the best units; of equal ones those with the lower number.
   *
   * @param scores a score per unit, free of NaN
   * @param kept from 0 to {@link #count()}; {@link #fixed()} if that is given
   */
  Mask mask(float[] scores, int kept);
}
