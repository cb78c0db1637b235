package dev.jackpot.training.data;

/** One encoded image of a kind that can be decoded, its size known from its header. */
final class EncodedImage {
  /** Pixels of the largest image that is decoded: its RGB values take 384 MiB. */
  private static final long LARGEST = 1L << 27;

  private static final int CHANNELS = 3;

  private final String name;
  private final byte[] bytes;
  private final ImageFormat format;
  private final ImageShape shape;

  /**
   * Looks at its header.
   *
   * @param name what to call it in a message
   * @param bytes of the file; not copied
   * @throws CorruptImageException if it is empty, of another kind, too large, or its header damaged
   */
  EncodedImage(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
    if (bytes.length == 0) {
      throw new CorruptImageException(
          "%s: the file is empty (0 bytes); expected a %s image"
              .formatted(name, ImageFormat.ACCEPTED));
    }
    this.format = ImageFormat.of(bytes);
    if (!format.accepted()) {
      throw new CorruptImageException(
          "%s: found %s; expected a %s image"
              .formatted(name, found(format, bytes), ImageFormat.ACCEPTED));
    }
    ImageHeader header;
    try {
      header = ImageHeader.of(format, bytes);
    } catch (ImageHeader.Damage e) {
      throw new CorruptImageException(
          "%s: damaged %s image: %s".formatted(name, format, e.getMessage()), e);
    }
    if ((long) header.height() * header.width() > LARGEST) {
      throw new CorruptImageException(
          "%s: the image is too large: %d×%d = %d pixels; expected at most %d"
              .formatted(
                  name,
                  header.width(),
                  header.height(),
                  (long) header.width() * header.height(),
                  LARGEST));
    }
    this.shape = new ImageShape(header.height(), header.width(), CHANNELS);
  }

  private static String found(ImageFormat format, byte[] bytes) {
    if (format != ImageFormat.UNKNOWN) {
      return format.title();
    }
    StringBuilder start = new StringBuilder("an unknown format (bytes");
    for (int i = 0; i < Math.min(4, bytes.length); i++) {
      start.append(" %02X".formatted(bytes[i]));
    }
    return start.append("… at 0)").toString();
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }

  ImageFormat format() {
    return format;
  }

  /** Its size, and 3 channels: whatever the file holds is decoded to RGB. */
  ImageShape shape() {
    return shape;
  }
}
