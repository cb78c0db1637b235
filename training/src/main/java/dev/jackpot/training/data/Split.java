package dev.jackpot.training.data;

import java.util.List;

/**
 * One half of a data set, training or test: images and their labels, by index. Images may be stored
 * at any size; they are handed out at one. Safe for several threads.
 */
public interface Split {
  /**
   * An image that another one stood in for.
   *
   * @param name of the image
   * @param reason why it cannot be decoded
   */
  record Skipped(String name, String reason) {}

  /**
   * An image as it is stored.
   *
   * @param shape its size, and the channels it is decoded to
   * @param content the encoded file, or the pixels
   */
  record Stored(ImageShape shape, byte[] content) {}

  /** Number of images. */
  int size();

  /** Shape that every image is handed out in. */
  ImageShape shape();

  /** The class of image {@code index}, in [0, classes). */
  int label(int index);

  /**
   * Copies image {@code index} to the start of {@code target}, as it is shown in evaluation:
   * nothing random, resized and its centre cropped where it is stored at another size.
   *
   * @param target receives uint8 values [height, width, channels], RGB; at least {@code
   *     shape().size()} long
   * @throws CorruptImageException if the image cannot be decoded
   */
  void pixels(int index, byte[] target);

  /**
   * A part of image {@code index}, resized to {@link #shape()} and not rounded.
   *
   * @param crop chooses the part by the stored image's size
   * @param levels what each pixel value stands for, [channels, 256]; normalised values, for
   *     instance
   * @param target receives float32 values [height, width, channels], RGB, from {@code offset} on
   * @throws CorruptImageException if the image cannot be decoded
   */
  default void pixels(int index, Crop crop, float[] levels, float[] target, int offset) {
    new ResizedSplit(this, shape(), (height, width) -> Window.of(0, 0, height, width))
        .pixels(index, crop, levels, target, offset);
  }

  /** What to call image {@code index} in a message. */
  default String name(int index) {
    return "image %d (from 0)".formatted(index);
  }

  /**
   * Image {@code index} as it is stored; and as evaluation shows it, copied to {@code target} as
   * {@link #pixels(int, byte[])} does.
   *
   * @throws CorruptImageException if the image cannot be decoded
   */
  default Stored stored(int index, byte[] target) {
    pixels(index, target);
    return new Stored(shape(), target.clone());
  }

  /** The label of image {@code index} itself, even where another stands in for it. */
  default int storedLabel(int index) {
    return label(index);
  }

  /**
   * Decodes all of image {@code index}, where images are {@linkplain #encoded encoded}.
   *
   * @throws CorruptImageException if the file cannot be read or any part of it decoded
   */
  default void verify(int index) {}

  /**
   * Whether image {@code index} itself is what is handed out; false: another stands in for it, see
   * {@code data.on_corrupt}. Evaluation leaves those out.
   */
  default boolean usable(int index) {
    return true;
  }

  /**
   * Whether images are decoded each time they are handed out, which costs far more than copying.
   */
  default boolean encoded() {
    return false;
  }

  /**
   * The file of image {@code index}, of a split whose images are {@linkplain #encoded encoded}.
   *
   * @throws IllegalStateException if they are not
   */
  default byte[] encodedBytes(int index) {
    throw new IllegalStateException(name(index) + " is stored as pixels, it has no file");
  }

  /**
   * Adds to a fingerprint what tells image {@code index} from others: its label and pixels, or
   * where reading them takes long, its label, name and length.
   */
  default void identify(int index, Fingerprint fingerprint) {
    byte[] pixels = new byte[shape().size()];
    pixels(index, pixels);
    fingerprint.number(label(index));
    fingerprint.bytes(pixels);
  }

  /** Images that could not be decoded so far and were left out, see {@code data.on_corrupt}. */
  default List<Skipped> skipped() {
    return List.of();
  }

  /**
   * The first {@code count} images of this split; the split itself if it has no more than those.
   */
  default Split first(int count) {
    return count >= size() ? this : SelectedImages.first(this, count);
  }
}
