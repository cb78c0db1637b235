package dev.jackpot.training.data;

import java.util.Arrays;

/**
 * The first frame of a GIF: decoding a whole animation takes memory for all of its frames, of which
 * one is shown. Blocks as in the GIF89a specification, sections 17 to 27.
 */
final class GifStill {
  private static final int HEADER = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2C;
  private static final int DESCRIPTOR = 10;
  private static final int TABLE_FOLLOWS = 0x80;
  private static final byte TRAILER = 0x3B;

  private final byte[] bytes;
  private int at;

  private GifStill(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The file cut off after its first frame; the file itself if it ends before. */
  static byte[] of(byte[] gif) {
    return new GifStill(gif).cut();
  }

  private byte[] cut() {
    at = HEADER + table(HEADER - 3);
    while (unsigned(at) == EXTENSION) {
      at += 2; // its introducer and label
      passBlocks();
    }
    if (unsigned(at) != IMAGE) {
      return bytes; // not a GIF's structure: the decoder says what is wrong
    }
    at += DESCRIPTOR + table(at + DESCRIPTOR - 1) + 1; // 1: the least code's size
    passBlocks();
    if (at >= bytes.length) {
      return bytes;
    }
    byte[] still = Arrays.copyOf(bytes, at + 1);
    still[at] = TRAILER;
    return still;
  }

  /** Bytes of the colour table that flags at {@code position} announce. */
  private int table(int position) {
    int flags = unsigned(position);
    return (flags & TABLE_FOLLOWS) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  /** Sub-blocks of 1 to 255 bytes, up to an empty one. */
  private void passBlocks() {
    int length;
    do {
      length = unsigned(at);
      at += 1 + length;
    } while (length > 0);
  }

  /** 0 beyond the end. */
  private int unsigned(int position) {
    return position < bytes.length ? bytes[position] & 0xFF : 0;
  }
}
