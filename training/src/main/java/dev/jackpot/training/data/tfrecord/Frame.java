package dev.jackpot.training.data.tfrecord;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How a record lies in a TFRecord file (TensorFlow's {@code record_writer.h}), little-endian:
 *
 * <pre>
 * uint64 length; uint32 masked CRC32C of the length; byte data[length]; uint32 masked CRC32C of the data
 * </pre>
 *
 * A CRC c is stored masked, rotate(c, 15 to the right) + 0xa282ead8, since CRCs of bytes that hold
 * CRCs are weak.
 */
final class Frame {
  /** Bytes before the data. */
  static final int HEADER = 12;

  /** Bytes behind the data. */
  static final int FOOTER = 4;

  private static final int MASK_DELTA = 0xa282ead8;

  private Frame() {}

  /** The masked CRC32C of these bytes. */
  static int maskedCrc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  /** The length that a header gives; −1 if its CRC is wrong or the length negative. */
  static long length(byte[] header) {
    ByteBuffer buffer = little(header);
    long length = buffer.getLong(0);
    boolean right = buffer.getInt(Long.BYTES) == maskedCrc(header, 0, Long.BYTES);
    return right && length >= 0 ? length : -1;
  }

  /** Whether the CRC at the end of a whole record is that of its data. */
  static boolean isWhole(byte[] record) {
    int length = record.length - HEADER - FOOTER;
    return little(record).getInt(HEADER + length) == maskedCrc(record, HEADER, length);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
