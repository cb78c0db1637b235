package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/**
 * The header of a .npy array, versions 1.0 to 3.0 (numpy.lib.format).
 *
 * @param type type of the elements
 * @param order byte order of the elements
 * @param fortran whether the first index varies fastest
 * @param shape fully known
 * @param bytes length of the header in the file, magic included
 */
record NpyHeader(NumberType type, ByteOrder order, boolean fortran, Shape shape, int bytes) {
  private static final int ALIGNMENT = 64;
  // NumPy's own limits
  private static final int LONGEST = 10_000;

  /** The number of bytes of all elements. */
  long dataBytes() {
    return shape.size() * type.bytes();
  }

  /**
   * Reads a header and leaves the stream at the first element.
   *
   * @param place what messages start with
   * @throws JackpotException if it is not a header, or of an array that cannot be read as float32
   */
  static NpyHeader read(InputStream in, String place) throws IOException {
    byte[] magic = in.readNBytes(Npy.MAGIC.length());
    if (!Arrays.equals(magic, Npy.MAGIC.getBytes(StandardCharsets.ISO_8859_1))) {
      throw new JackpotException(
          "%s: not a NumPy array: expected it to start with \\x93NUMPY, found bytes %s"
              .formatted(place, HexFormat.ofDelimiter(" ").formatHex(magic)));
    }
    DataInputStream data = new DataInputStream(in);
    try {
      int major = data.readUnsignedByte();
      int minor = data.readUnsignedByte();
      if (major < 1 || major > 3 || minor != 0) {
        throw new JackpotException(
            "%s: NumPy format version %d.%d, expected 1.0, 2.0 or 3.0"
                .formatted(place, major, minor));
      }
      int lengthBytes = major == 1 ? 2 : 4;
      long length =
          major == 1
              ? Short.toUnsignedLong(Short.reverseBytes(data.readShort()))
              : Integer.toUnsignedLong(Integer.reverseBytes(data.readInt()));
      if (length > LONGEST) {
        throw new JackpotException(
            "%s: header of %d bytes, expected at most %d".formatted(place, length, LONGEST));
      }
      byte[] text = new byte[(int) length];
      data.readFully(text);
      String header =
          new String(text, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
      int prefix = Npy.MAGIC.length() + 2 + lengthBytes;
      return new NpyHeaderParser(header, place).parse(prefix + text.length);
    } catch (EOFException e) {
      throw new JackpotException(place + ": ends inside the header of a NumPy array", e);
    }
  }

  /**
   * The header NumPy writes for a row-major array, padded to a multiple of 64 bytes.
   *
   * @param descr NumPy's name of the type: "<f4"
   */
  static byte[] of(String descr, Shape shape) {
    String sizes =
        Arrays.stream(shape.asArray()).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String tuple = shape.numDimensions() == 1 ? "(" + sizes + ",)" : "(" + sizes + ")";
    String text = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, tuple);
    int prefix = Npy.MAGIC.length() + 4;
    int total = (prefix + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    int length = total - prefix;
    String padded = text + " ".repeat(length - text.length() - 1) + "\n";
    String version = "\u0001\u0000" + (char) (length & 0xff) + (char) (length >> 8);
    return (Npy.MAGIC + version + padded).getBytes(StandardCharsets.ISO_8859_1);
  }
}
