package dev.jackpot.training.data;

import java.util.List;

/**
 * Labelled images as their files hold them (JPEG, PNG, GIF or BMP), by index; their bytes are read
 * when asked for, so that memory does not grow with the files. Safe for several threads.
 */
public interface EncodedImages {
  /** Number of images. */
  int size();

  /** The class of image {@code index}, in [0, classes). */
  int label(int index);

  /**
   * What to call the image in a message: its file, or the shard and the place in it. Stands in the
   * fingerprint, so it is relative to the data set's folder.
   */
  String name(int index);

  /** Length of the encoded image in bytes, without reading it. */
  long length(int index);

  /**
   * The encoded image.
   *
   * @throws CorruptImageException if its file cannot be read, or its bytes are damaged in a way
   *     that can be told before decoding, a checksum for instance
   * @throws dev.jackpot.config.JackpotException if it is not one image that cannot be read: the
   *     folder is gone
   */
  byte[] read(int index);

  /** What was found unusable when the set was opened and is not among the images. */
  default List<Split.Skipped> skipped() {
    return List.of();
  }
}
