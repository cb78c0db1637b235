package dev.jackpot.graph;

import dev.jackpot.config.ConfigException;

/** A layer that strides over an image which the layers before it have shrunk to less than that. */
final class SmallImageException extends ConfigException {
  private static final long serialVersionUID = 1L;

  /**
   * @param layer for people: its name, or what it follows
   * @param stride in pixels, on both axes
   * @param height of its input
   * @param width of its input
   */
  SmallImageException(String layer, int stride, long height, long width) {
    super(
        "%s has stride %d and needs an input of at least %d×%d pixels, found %d×%d"
            .formatted(layer, stride, stride, stride, height, width));
  }
}
