package dev.jackpot.export;

import dev.jackpot.config.proto.Data.Interpolation;

/**
 * How evaluation showed images of any size to a network; what classifies other images later shows
 * them the same way.
 *
 * @param resize pixels of the shorter side before the centre was cropped; 0: only cropped
 * @param interpolation how it was resized
 */
public record EvaluationView(int resize, Interpolation interpolation) {
  /** The centre square, resized to {@code size}. */
  public static EvaluationView square(int size) {
    return new EvaluationView(size, Interpolation.BILINEAR);
  }
}
