package dev.jackpot.graph;

import org.tensorflow.ndarray.Shape;

/**
 * What every network of the registry needs to know beside its own options.
 *
 * @param height of the images, in pixels
 * @param width of the images, in pixels
 * @param channels of the images
 * @param classes number of logits
 */
public record NetworkSpec(int height, int width, int channels, int classes) {
  /**
   * The spec of a network in a config. {@code dataClasses} is used where the config names no class
   * count.
   */
  public static NetworkSpec of(
      dev.jackpot.config.proto.Network config,
      int height,
      int width,
      int channels,
      int dataClasses) {
    int classes = config.getClasses() == 0 ? dataClasses : config.getClasses();
    return new NetworkSpec(height, width, channels, classes);
  }

  /** Shape of a batch of images; −1 for a batch of any size. */
  public Shape images(long batch) {
    return Shape.of(batch, height, width, channels);
  }
}
