package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
   * @return bytes of all of them together
   * @throws JackpotException naming the file otherwise
   */
  static long check(Path prefix) {
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
      return bytes(index, prefix, shards);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", index, e);
    }
  }

  private static long bytes(Path index, Path prefix, List<String> shards) throws IOException {
    long bytes = Files.size(index);
    for (String shard : shards) {
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

  /**
   * The footer says where two blocks lie; the native reader takes memory for them before it looks
   * whether the file has them.
   */
  private static void checkFooter(Path index) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(index.toFile(), "r")) {
      if (file.length() >= FOOTER_BYTES) {
        byte[] bytes = new byte[FOOTER_BYTES];
        file.seek(file.length() - FOOTER_BYTES);
        file.readFully(bytes);
        ByteBuffer footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long blocks = file.length() - FOOTER_BYTES;
        if (footer.getLong(FOOTER_BYTES - Long.BYTES) == TABLE_MAGIC
            && isBlock(footer, blocks)
            && isBlock(footer, blocks)) {
          return;
        }
      }
    }
    throw new JackpotException(
        index + ": not the index of a TensorFlow V2 checkpoint, or cut short");
  }

  /** Whether the next handle, offset and size as varints, lies within the file. */
  private static boolean isBlock(ByteBuffer footer, long bytes) {
    long offset = varint(footer);
    long size = varint(footer);
    return offset >= 0 && size >= 0 && offset <= bytes && size <= bytes - offset;
  }

  /** A number of at most 63 bits, seven per byte, the lowest first; −1 if it is none. */
  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 63 && in.hasRemaining(); shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return -1;
  }

  private static Path sibling(Path prefix, String suffix) {
    return prefix.resolveSibling(prefix.getFileName() + suffix);
  }
}
