package dev.jackpot.training.data;

/** Size of an image in pixels, and its channels; laid out [height, width, channels]. */
public record ImageShape(int height, int width, int channels) {
  public ImageShape {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "image shape %d×%d×%d: every dimension is at least 1".formatted(height, width, channels));
    }
  }

  /** Values of one image: height · width · channels. */
  public int size() {
    return height * width * channels;
  }

  @Override
  public String toString() {
    return height + "×" + width + "×" + channels;
  }
}
