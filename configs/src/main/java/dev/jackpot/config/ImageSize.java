package dev.jackpot.config;

import dev.jackpot.config.proto.Data;

/** How large the images of a config are, in pixels, told from the config alone. */
public final class ImageSize {
  /** Pixels of the shorter side before the crop, for each pixel of the crop (256 for 224). */
  private static final double MARGIN = 256.0 / 224;

  private ImageSize() {}

  /** Height and width of what the network sees; 0 if only the data set, a plug-in, knows it. */
  public static int of(Data data) {
    return data.getImageSize() > 0 ? data.getImageSize() : own(data);
  }

  /** Height and width where the config says nothing; 0 if only the data set knows it. */
  public static int own(Data data) {
    return switch (data.getSourceCase()) {
      case CIFAR10, CIFAR100, DRAWN -> 32;
      case TINY_IMAGENET -> 64;
      case FOLDER, TFRECORD -> 224;
      case CUSTOM, SOURCE_NOT_SET -> 0;
    };
  }

  /**
   * The shorter side to which an image is resized before its centre is cropped: the config's, or
   * else size · 256/224 for sets of photographs of any shape and {@code size} for square images. 0:
   * cropped only.
   */
  public static int resize(Data data, int size) {
    if (data.hasResize()) {
      return data.getResize();
    }
    return switch (data.getSourceCase()) {
      case FOLDER, TFRECORD -> (int) Math.round(size * MARGIN);
      case CIFAR10, CIFAR100, DRAWN, TINY_IMAGENET, CUSTOM, SOURCE_NOT_SET -> size;
    };
  }
}
