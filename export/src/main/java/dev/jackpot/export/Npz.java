package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes NumPy archives (.npz). They are read by {@link WeightFormats#open(Path)}. */
public final class Npz {
  // zip's earliest date, as NumPy uses: equal arrays make equal files
  private static final LocalDateTime DATE = LocalDateTime.of(1980, 1, 1, 0, 0);

  private Npz() {}

  /**
   * Writes float32 arrays in the map's order, stored without compression as numpy.savez does. An
   * existing file is replaced only when the new one is complete on disk.
   */
  public static void write(Path path, Map<String, HostTensor> arrays) {
    AtomicFiles.write(
        path,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          for (Map.Entry<String, HostTensor> array : arrays.entrySet()) {
            zip.putNextEntry(entry(array.getKey(), array.getValue()));
            Npy.write(zip, array.getValue());
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  private static ZipEntry entry(String name, HostTensor tensor) throws IOException {
    CheckedOutputStream checksum =
        new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    Npy.write(checksum, tensor);
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(Npy.writtenBytes(tensor));
    entry.setCrc(checksum.getChecksum().getValue());
    entry.setTimeLocal(DATE);
    return entry;
  }
}
