package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A NumPy archive (.npz): a zip of .npy arrays, stored or deflated, as numpy.savez and
 * savez_compressed write it.
 *
 * <p>The archive may come from anywhere. Its arrays' headers are read on opening and compared with
 * the zip's own sizes; these are held against the size of the file, so that a small file cannot ask
 * for much memory (deflate expands at most about 1,032 times, and entries may not share bytes).
 * Checksums are verified, no name is ever used as a path.
 */
final class NpzSource implements WeightSource {
  private static final String SUFFIX = ".npy";
  private static final int MOST_ARRAYS = 100_000;
  private static final long MOST_EXPANSION = 1_032;
  // what a deflated stream and its first block may take beyond that
  private static final long SLACK = 1 << 12;

  private final Path path;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
  private final List<ArrayInfo> arrays = new ArrayList<>();

  private NpzSource(Path path, ZipFile zip) {
    this.path = path;
    this.zip = zip;
  }

  static NpzSource open(Path path) {
    try {
      ZipFile zip = new ZipFile(path.toFile());
      NpzSource source = new NpzSource(path, zip);
      try {
        source.list(Files.size(path));
        return source;
      } catch (IOException | RuntimeException e) {
        zip.close();
        throw e;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new JackpotException(
          "%s: not a readable NumPy archive (.npz): %s".formatted(path, e.getMessage()), e);
    }
  }

  private void list(long fileBytes) throws IOException {
    if (zip.size() > MOST_ARRAYS) {
      throw new JackpotException(
          "%s: %d arrays, expected at most %d".formatted(path, zip.size(), MOST_ARRAYS));
    }
    long compressed = 0;
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      String name = arrayName(entry.getName());
      if (entries.put(name, entry) != null) {
        throw new JackpotException("%s: has array \"%s\" twice".formatted(path, name));
      }
      compressed += checkSizes(name, entry, fileBytes);
      if (compressed > fileBytes) {
        throw new JackpotException(
            path + ": its arrays share bytes; expected each to have its own");
      }
    }
    for (Map.Entry<String, ZipEntry> e : entries.entrySet()) {
      try (InputStream in = zip.getInputStream(e.getValue())) {
        NpyHeader header = Npy.header(in, place(e.getKey()), e.getValue().getSize());
        arrays.add(new ArrayInfo(e.getKey(), header.type().dtype(), header.shape(), true));
      }
    }
  }

  private String arrayName(String entry) {
    if (!entry.endsWith(SUFFIX) || entry.length() == SUFFIX.length()) {
      throw new JackpotException(
          "%s: entry \"%s\" is not a NumPy array; expected a name ending in %s"
              .formatted(path, entry, SUFFIX));
    }
    if (entry.chars().anyMatch(Character::isISOControl)) {
      throw new JackpotException(
          "%s: an array's name has control characters: \"%s\""
              .formatted(path, entry.replaceAll("\\p{Cntrl}", "?")));
    }
    return entry.substring(0, entry.length() - SUFFIX.length());
  }

  /** Returns the entry's bytes in the file. */
  private long checkSizes(String name, ZipEntry entry, long fileBytes) {
    long packed = entry.getCompressedSize();
    long size = entry.getSize();
    if (packed < 0 || packed > fileBytes || size < 0) {
      throw new JackpotException(
          "%s: claims %d bytes packed and %d unpacked in a file of %d bytes"
              .formatted(place(name), packed, size, fileBytes));
    }
    if (entry.getMethod() == ZipEntry.STORED
        ? size != packed
        : size > packed * MOST_EXPANSION + SLACK) {
      throw new JackpotException(
          "%s: %d bytes cannot come from %d packed ones".formatted(place(name), size, packed));
    }
    return packed;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<ArrayInfo> arrays() {
    return List.copyOf(arrays);
  }

  @Override
  public HostTensor read(String name) {
    info(name);
    ZipEntry entry = entries.get(name);
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      HostTensor tensor = Npy.read(in, place(name), entry.getSize());
      if (in.getChecksum().getValue() != entry.getCrc()) {
        throw new JackpotException(
            "%s: damaged: checksum %08x, expected %08x"
                .formatted(place(name), in.getChecksum().getValue(), entry.getCrc()));
      }
      return tensor;
    } catch (IOException | IllegalArgumentException e) {
      throw new JackpotException(
          "%s: cannot be read: %s".formatted(place(name), e.getMessage()), e);
    }
  }

  private String place(String array) {
    return "%s: array \"%s\"".formatted(path, array);
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new JackpotException("%s: cannot be closed: %s".formatted(path, e.getMessage()), e);
    }
  }
}
