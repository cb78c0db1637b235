package dev.jackpot.pruning;

import org.tensorflow.ndarray.Shape;

/**
 * What of one kernel may be kept, as an allocation sees it.
 *
 * @param shape the kernel's
 * @param scores one per unit of the pattern (per weight, where it ties none together), free of NaN;
 *     the higher, the sooner it is kept
 */
public record Candidates(Shape shape, float[] scores) {
  /** Number of units. */
  int units() {
    return scores.length;
  }
}
