package dev.jackpot.training.data;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/** Says where an image that could not be decoded is damaged, as far as its bytes show it. */
final class ImageDamage {
  private static final int PNG_SIGNATURE = 8;
  private static final int PNG_OVERHEAD = 12;

  private ImageDamage() {}

  /** A message with the file, the place if it is found, and what the decoder said if not. */
  static CorruptImageException explained(EncodedImage image, Exception cause) {
    byte[] bytes = image.bytes();
    Optional<String> place =
        switch (image.format()) {
          case JPEG -> jpeg(bytes);
          case PNG -> png(bytes);
          case GIF -> gif(bytes);
          default -> Optional.empty();
        };
    return new CorruptImageException(
        "%s: damaged %s image: %s"
            .formatted(
                image.name(),
                image.format(),
                place.orElseGet(
                    () ->
                        "it cannot be decoded (%d bytes): %s"
                            .formatted(bytes.length, firstLine(cause)))),
        cause);
  }

  /** A whole file ends with the marker FF D9; trailing bytes after it do no harm. */
  private static Optional<String> jpeg(byte[] bytes) {
    for (int i = bytes.length - 2; i >= 2; i--) {
      if (bytes[i] == (byte) 0xFF && bytes[i + 1] == (byte) 0xD9) {
        return Optional.empty();
      }
    }
    return Optional.of(
        "the file ends at byte %d, before the end of the image (truncated?)"
            .formatted(bytes.length));
  }

  /** Chunks of length, type, data and CRC-32 (ISO/IEC 15948, 5.3). */
  private static Optional<String> png(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int at = PNG_SIGNATURE;
    boolean ended = false;
    while (!ended) {
      long length = at + PNG_OVERHEAD <= bytes.length ? buffer.getInt(at) : -1;
      if (length < 0 || at + PNG_OVERHEAD + length > bytes.length) {
        return Optional.of(
            "the chunk at byte %d reaches beyond the file's end at %d (truncated?)"
                .formatted(at, bytes.length));
      }
      CRC32 sum = new CRC32();
      sum.update(bytes, at + 4, (int) length + 4);
      if ((int) sum.getValue() != buffer.getInt(at + 8 + (int) length)) {
        return Optional.of("the chunk at byte %d has a wrong checksum".formatted(at));
      }
      ended = bytes[at + 4] == 'I' && bytes[at + 5] == 'E' && bytes[at + 6] == 'N';
      at += PNG_OVERHEAD + (int) length;
    }
    return Optional.empty();
  }

  /** The last byte is the trailer. */
  private static Optional<String> gif(byte[] bytes) {
    return bytes[bytes.length - 1] == ';'
        ? Optional.empty()
        : Optional.of("the file ends at byte %d without a trailer".formatted(bytes.length));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
