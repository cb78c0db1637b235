package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes NumPy archives (.npz). They are read by {@link WeightFormats#open(Path)}. */
public final class Npz {
  // zip's earliest date, as NumPy uses: equal arrays make equal files
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Npz() {}

  /** Writes one array, header and elements; called twice, for its checksum and for the archive. */
  private interface Array {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes float32 arrays in the map's order, stored without compression as numpy.savez does. An
   * existing file is replaced only when the new one is complete on disk.
   */
  public static void write(Path path, Map<String, HostTensor> arrays) {
    Map<String, Array> all = new LinkedHashMap<>();
    arrays.forEach((name, tensor) -> all.put(name, out -> Npy.write(out, tensor)));
    writeAll(path, all);
  }

  /** Writes masks the same way, as uint8 arrays of 0 and 1. */
  static void writeMasks(Path path, Masks masks) {
    Map<String, Array> all = new LinkedHashMap<>();
    masks.byName().forEach((name, mask) -> all.put(name, out -> write(out, mask)));
    writeAll(path, all);
  }

  private static void write(OutputStream out, Mask mask) throws IOException {
    byte[] values = new byte[mask.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (mask.kept(i) ? 1 : 0);
    }
    Npy.write(out, mask.shape(), values);
  }

  private static void writeAll(Path path, Map<String, Array> arrays) {
    AtomicFiles.write(
        path,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, Array> array : arrays.entrySet()) {
            zip.putNextEntry(entry(array.getKey(), array.getValue()));
            array.getValue().writeTo(zip);
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  private static ZipEntry entry(String name, Array array) throws IOException {
    Counted counted = new Counted();
    array.writeTo(counted);
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(counted.bytes);
    entry.setCrc(counted.checksum.getValue());
    entry.setTimeLocal(DATE);
    return entry;
  }

  /** Keeps nothing but the size and the checksum of what is written. */
  private static final class Counted extends OutputStream {
    private final CRC32 checksum = new CRC32();
    private long bytes;

    @Override
    public void write(int b) {
      checksum.update(b);
      bytes++;
    }

    @Override
    public void write(byte[] b, int offset, int length) {
      checksum.update(b, offset, length);
      bytes += length;
    }
  }
}
