package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.ndarray.Shape;

/**
 * A single NumPy array, .npy (numpy.lib.format). Read: floats, integers and bools of either byte
 * order and either element order, converted as {@link WeightSource#read(String)} says; pickled
 * objects and structured arrays are refused. Written: version 1.0, row-major, little-endian float32
 * or uint8.
 */
public final class Npy {
  /** The first bytes, as Latin-1 characters. */
  static final String MAGIC = "\u0093NUMPY";

  private static final String FLOAT32 = "<f4";
  private static final String UINT8 = "|u1";
  private static final int CHUNK_BYTES = 1 << 16;

  private Npy() {}

  /**
   * Reads a .npy file.
   *
   * @throws ConfigException if there is no such file
   * @throws JackpotException if it is not a numeric array, damaged, or too short or too long for
   *     its header
   */
  public static HostTensor read(Path path) {
    return open(path, Npy::read);
  }

  /** The type that a .npy file stores its elements in. */
  static NumberType dtype(Path path) {
    return open(path, Npy::header).type();
  }

  private interface Reader<T> {
    T read(InputStream in, String place, long size) throws IOException;
  }

  private static <T> T open(Path path, Reader<T> reader) {
    if (!Files.isRegularFile(path)) {
      throw new ConfigException(path + ": no such .npy file");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      return reader.read(in, path.toString(), Files.size(path));
    } catch (IOException e) {
      throw AtomicFiles.failure("read", path, e);
    }
  }

  /** Writes a .npy file; an existing one is replaced only when the new one is complete on disk. */
  public static void write(Path path, HostTensor tensor) {
    AtomicFiles.write(path, out -> write(out, tensor));
  }

  /** Writes unsigned bytes, for instance pixels, as a .npy file of dtype uint8. */
  public static void write(Path path, Shape shape, byte[] values) {
    AtomicFiles.write(path, out -> write(out, shape, values));
  }

  static void write(OutputStream out, Shape shape, byte[] values) throws IOException {
    if (shape.size() != values.length) {
      throw new IllegalArgumentException(
          "shape %s has %d elements, found %d values"
              .formatted(shape, shape.size(), values.length));
    }
    out.write(NpyHeader.of(UINT8, shape));
    out.write(values);
  }

  static void write(OutputStream out, HostTensor tensor) throws IOException {
    out.write(NpyHeader.of(FLOAT32, tensor.shape()));
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = tensor.values();
    for (int i = 0; i < values.length; ) {
      int count = Math.min(values.length - i, CHUNK_BYTES / Float.BYTES);
      chunk.asFloatBuffer().put(values, i, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
      i += count;
    }
  }

  /**
   * Reads a whole array. Nothing is allocated before the header has been compared with the size.
   *
   * @param place what messages start with: the file, and the array within it
   * @param size bytes from the stream's position to its end
   */
  static HostTensor read(InputStream in, String place, long size) throws IOException {
    NpyHeader header = header(in, place, size);
    float[] values = values(in, header, place);
    if (in.read() >= 0) {
      throw new JackpotException(place + ": has more bytes than its header says");
    }
    return new HostTensor(
        header.shape(), header.fortran() ? rowMajor(values, header.shape()) : values);
  }

  /** Reads a header and checks that exactly its elements can follow. */
  static NpyHeader header(InputStream in, String place, long size) throws IOException {
    NpyHeader header = NpyHeader.read(in, place);
    long expected = header.bytes() + header.dataBytes();
    if (size != expected) {
      throw new JackpotException(
          "%s: expected %d bytes for %s of shape %s, found %d"
              .formatted(place, expected, header.type().dtype(), header.shape(), size));
    }
    long heap = Runtime.getRuntime().maxMemory();
    long needed = header.shape().size() * Float.BYTES * (header.fortran() ? 2 : 1);
    if (needed > heap) {
      throw new JackpotException(
          "%s: needs %d MB of memory, but the JVM may use %d MB (option -Xmx)"
              .formatted(place, needed >> 20, heap >> 20));
    }
    return header;
  }

  private static float[] values(InputStream in, NpyHeader header, String place) throws IOException {
    float[] values = new float[(int) header.shape().size()];
    int width = header.type().bytes();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(header.order());
    for (int i = 0; i < values.length; ) {
      int count = Math.min(values.length - i, CHUNK_BYTES / width);
      if (in.readNBytes(chunk.array(), 0, count * width) < count * width) {
        throw new JackpotException(
            "%s: ends after fewer than %d of %d elements"
                .formatted(place, i + count, values.length));
      }
      try {
        header.type().decode(chunk.clear(), values, i, count);
      } catch (ArithmeticException e) {
        throw new JackpotException("%s: %s".formatted(place, e.getMessage()), e);
      }
      i += count;
    }
    return values;
  }

  /** From first-index-fastest to last-index-fastest. */
  private static float[] rowMajor(float[] columnMajor, Shape shape) {
    int rank = shape.numDimensions();
    float[] out = new float[columnMajor.length];
    long[] index = new long[rank];
    for (int i = 0; i < out.length; i++) {
      long from = 0;
      for (int d = rank - 1; d >= 0; d--) {
        from = from * shape.get(d) + index[d];
      }
      out[i] = columnMajor[(int) from];
      for (int d = rank - 1; d >= 0 && ++index[d] == shape.get(d); d--) {
        index[d] = 0;
      }
    }
    return out;
  }
}
