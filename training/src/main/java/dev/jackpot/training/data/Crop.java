package dev.jackpot.training.data;

/** Chooses the part of an image that is shown, by the image's size. */
@FunctionalInterface
public interface Crop {
  /**
   * The part to show of an image of {@code height} × {@code width} pixels; it lies inside the
   * image.
   */
  Window of(int height, int width);
}
