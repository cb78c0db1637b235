package dev.jackpot.training.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An image's size as its file's header gives it, found without decoding: from JPEG's first
 * start-of-frame segment (ITU T.81, B.2.2), PNG's IHDR chunk, GIF's logical screen, BMP's info
 * header.
 *
 * @param height in pixels
 * @param width in pixels
 */
record ImageHeader(int height, int width) {
  private static final int JPEG_START_OF_SCAN = 0xDA;
  private static final int JPEG_END = 0xD9;

  /** Where a header turns out to be damaged. */
  static final class Damage extends Exception {
    private static final long serialVersionUID = 1L;

    Damage(String what, int offset) {
      super("%s at byte %d".formatted(what, offset));
    }
  }

  /**
   * Reads it.
   *
   * @throws Damage if the file ends too early, or sizes are not positive
   */
  static ImageHeader of(ImageFormat format, byte[] bytes) throws Damage {
    ImageHeader header =
        switch (format) {
          case JPEG -> jpeg(bytes);
          case PNG -> new ImageHeader(number(bytes, 20, 4, true), number(bytes, 16, 4, true));
          case GIF -> gif(bytes);
          case BMP -> bmp(bytes);
          default -> throw new IllegalArgumentException("no header is known for " + format);
        };
    if (header.height < 1 || header.width < 1) {
      throw new Damage("a size of %d×%d pixels is given".formatted(header.width, header.height), 0);
    }
    return header;
  }

  private static ImageHeader jpeg(byte[] bytes) throws Damage {
    int at = 2;
    while (true) {
      if (number(bytes, at, 1, true) != 0xFF) {
        throw new Damage("no JPEG segment begins", at);
      }
      int marker = number(bytes, at + 1, 1, true);
      if (marker == 0xFF) { // padding
        at++;
        continue;
      }
      if (marker == JPEG_START_OF_SCAN || marker == JPEG_END) {
        throw new Damage("no JPEG frame comes before the data", at);
      }
      if (isFrame(marker)) {
        return new ImageHeader(number(bytes, at + 5, 2, true), number(bytes, at + 7, 2, true));
      }
      boolean alone = marker == 0x01 || marker >= 0xD0 && marker <= 0xD8;
      int length = alone ? 0 : number(bytes, at + 2, 2, true);
      if (!alone && length < 2) {
        throw new Damage("a JPEG segment has length %d".formatted(length), at + 2);
      }
      at += 2 + length;
    }
  }

  /** SOF0 to SOF15; DHT, JPG and DAC lie among them. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static ImageHeader gif(byte[] bytes) throws Damage {
    return new ImageHeader(number(bytes, 8, 2, false), number(bytes, 6, 2, false));
  }

  /** A negative height means that rows go down instead of up. */
  private static ImageHeader bmp(byte[] bytes) throws Damage {
    boolean core = number(bytes, 14, 4, false) == 12;
    return core
        ? new ImageHeader(number(bytes, 20, 2, false), number(bytes, 18, 2, false))
        : new ImageHeader(Math.abs(number(bytes, 22, 4, false)), number(bytes, 18, 4, false));
  }

  /** An unsigned number of 1 or 2 bytes, or a signed one of 4. */
  private static int number(byte[] bytes, int at, int length, boolean bigEndian) throws Damage {
    if (at + length > bytes.length) {
      throw new Damage("the file ends inside its header,", bytes.length);
    }
    ByteBuffer buffer =
        ByteBuffer.wrap(bytes, at, length)
            .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return switch (length) {
      case 1 -> buffer.get() & 0xFF;
      case 2 -> buffer.getShort() & 0xFFFF;
      default -> buffer.getInt();
    };
  }
}
