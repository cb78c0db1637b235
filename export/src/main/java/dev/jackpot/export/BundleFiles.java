package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a TensorFlow V2 checkpoint, checked before the native reader sees them. */
final class BundleFiles {
  // leveldb's table format, table/format.h: the last eight bytes of an index file
  private static final long TABLE_MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER_BYTES = 48;
  private static final int MOST_SHARDS = 100_000;

  private BundleFiles() {}

  /**
   * Checks that the index and every shard are there and not empty, and that the index ends as one.
   *
   * @throws JackpotException naming the file otherwise
   */
  static void check(Path prefix) {
    Path index = sibling(prefix, ".index");
    try {
      checkPresent(index);
      checkFooter(index);
      List<String> shards = shards(prefix);
      if (shards.isEmpty()) {
        throw new JackpotException(
            "%s: no data file beside it; expected %s.data-00000-of-00001"
                .formatted(index, prefix.getFileName()));
      }
      int count = Integer.parseInt(shards.get(0).substring(shards.get(0).length() - 5));
      if (count < 1 || count > MOST_SHARDS) {
        throw new JackpotException(
            "%s: %s says there are %d shards".formatted(prefix, shards.get(0), count));
      }
      for (int i = 0; i < count; i++) {
        checkPresent(sibling(prefix, ".data-%05d-of-%05d".formatted(i, count)));
      }
    } catch (IOException e) {
      throw AtomicFiles.failure("read", index, e);
    }
  }

  /** Bytes of the index and all shards together. */
  static long bytes(Path prefix) throws IOException {
    long bytes = Files.size(sibling(prefix, ".index"));
    for (String shard : shards(prefix)) {
      bytes += Files.size(prefix.resolveSibling(shard));
    }
    return bytes;
  }

  private static List<String> shards(Path prefix) throws IOException {
    Pattern name =
        Pattern.compile(
            Pattern.quote(prefix.getFileName().toString()) + "\\.data-\\d{5}-of-\\d{5}");
    try (Stream<Path> files = Files.list(prefix.toAbsolutePath().getParent())) {
      return files
          .map(f -> name.matcher(f.getFileName().toString()))
          .filter(Matcher::matches)
          .map(Matcher::group)
          .sorted()
          .toList();
    }
  }

  private static void checkPresent(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new JackpotException(file + ": missing; the checkpoint is not complete");
    }
    if (Files.size(file) == 0) {
      throw new JackpotException(file + ": empty; the checkpoint is not complete");
    }
  }

  private static void checkFooter(Path index) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(index.toFile(), "r")) {
      if (file.length() >= FOOTER_BYTES) {
        file.seek(file.length() - Long.BYTES);
        if (Long.reverseBytes(file.readLong()) == TABLE_MAGIC) {
          return;
        }
      }
    }
    throw new JackpotException(
        index + ": not the index of a TensorFlow V2 checkpoint, or cut short");
  }

  private static Path sibling(Path prefix, String suffix) {
    return prefix.resolveSibling(prefix.getFileName() + suffix);
  }
}
