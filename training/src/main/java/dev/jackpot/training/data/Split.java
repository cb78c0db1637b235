package dev.jackpot.training.data;

/**
 * One half of a data set, training or test: decoded images and their labels, by index. Safe for
 * several threads.
 */
public interface Split {
  /** Number of images. */
  int size();

  /** Shape of every image. */
  ImageShape shape();

  /** The class of image {@code index}, in [0, classes). */
  int label(int index);

  /**
   * Copies image {@code index} to the start of {@code target}.
   *
   * @param target receives uint8 values [height, width, channels], RGB; at least {@code
   *     shape().size()} long
   */
  void pixels(int index, byte[] target);

  /**
   * The first {@code count} images of this split; the split itself if it has no more than those.
   */
  default Split first(int count) {
    return count >= size() ? this : new FirstImages(this, count);
  }
}
