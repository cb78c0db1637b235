package dev.jackpot.training.data;

/** Parts of decoded images. */
final class Regions {
  private Regions() {}

  /**
   * The pixels of a region: the same array if it is all of the image.
   *
   * @param pixels uint8 [shape]
   * @return uint8 [region.height, region.width, channels]
   */
  static byte[] part(byte[] pixels, ImageShape shape, Window.Region region) {
    if (region.height() == shape.height() && region.width() == shape.width()) {
      return pixels;
    }
    int length = region.width() * shape.channels();
    byte[] part = new byte[region.height() * length];
    for (int y = 0; y < region.height(); y++) {
      int from = ((region.top() + y) * shape.width() + region.left()) * shape.channels();
      System.arraycopy(pixels, from, part, y * length, length);
    }
    return part;
  }
}
