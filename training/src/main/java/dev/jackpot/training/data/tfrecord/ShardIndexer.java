package dev.jackpot.training.data.tfrecord;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Goes through a TFRecord file once, reading of each record its header and its small features, not
 * the image. The checksums of the lengths are verified here, those of the data when a record is
 * read; but a label that is larger than all before it, or negative, is believed only if its
 * record's checksum is right, since the number of classes depends on it.
 */
final class ShardIndexer {
  private static final long LONGEST = Integer.MAX_VALUE - 64L;

  private final Path file;
  private final Features features;
  private final boolean skip;
  private final ShardIndex index = new ShardIndex();
  private long largest = -1;

  private ShardIndexer(Path file, Features features, boolean skip) {
    this.file = file;
    this.features = features;
    this.skip = skip;
  }

  /**
   * Indexes a file. One of 0 bytes has no records: TensorFlow's writer leaves such where there are
   * more shards than examples.
   *
   * @param skip leave out and count records that hold no example with these features, instead of
   *     failing
   * @throws JackpotException if the file is no TFRecord file, is compressed, ends within a record,
   *     or a length's checksum is wrong; the records behind that cannot be found, so this is so
   *     with {@code skip} too
   */
  static Shard index(Path file, Features features, boolean skip) {
    ShardIndexer indexer = new ShardIndexer(file, features, skip);
    try (FileChannel channel = FileChannel.open(file)) {
      indexer.records(channel);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
    indexer.index.trim();
    return new Shard(file, features, indexer.index);
  }

  private void records(FileChannel channel) throws IOException {
    long end = channel.size();
    byte[] header = new byte[Frame.HEADER];
    for (long start = 0; start < end; ) {
      if (end - start < Frame.HEADER + Frame.FOOTER) {
        throw truncated(start, end, Frame.HEADER + Frame.FOOTER);
      }
      ChannelWindow.readFully(channel, start, header);
      long length = Frame.length(header);
      if (length < 0) {
        throw new JackpotException(broken(start, header));
      }
      if (length > LONGEST || length > end - start - Frame.HEADER - Frame.FOOTER) {
        throw truncated(start, end, Frame.HEADER + length + Frame.FOOTER);
      }
      record(channel, start, (int) length);
      start += Frame.HEADER + length + Frame.FOOTER;
    }
  }

  private void record(FileChannel channel, long start, int length) throws IOException {
    long data = start + Frame.HEADER;
    String problem;
    try {
      ExampleScan.Found found =
          ExampleScan.scan(new ChannelWindow(channel, data, data + length), features);
      problem = found.problem().orElse(null);
      if (problem == null) {
        long label = found.label() - features.labelOffset();
        requireBelievable(channel, start, length, label);
        if (label < Features.MOST_CLASSES && label == (int) label) {
          index.add(start, length, (int) label);
          return;
        }
        problem =
            "has label %d; expected that of a class, at most %d"
                .formatted(found.label(), Features.MOST_CLASSES - 1L + features.labelOffset());
      }
    } catch (DamagedRecordException e) {
      problem = e.getMessage();
    } catch (InvalidProtocolBufferException e) {
      problem = "holds no tf.train.Example (%s)".formatted(e.getMessage());
    }
    if (!skip) {
      throw new JackpotException("%s: %s".formatted(place(start), problem));
    }
    String name = Shard.place(file.getFileName().toString(), index.records(), start);
    index.leaveOut(start, new LeftOut(name, problem));
  }

  /** Reads the whole record if its label is one that says how many classes there are. */
  private void requireBelievable(FileChannel channel, long start, int length, long label)
      throws IOException {
    if (label >= 0 && label <= largest) {
      return;
    }
    byte[] record = new byte[Frame.HEADER + length + Frame.FOOTER];
    ChannelWindow.readFully(channel, start, record);
    if (!Frame.isWhole(record)) {
      throw new DamagedRecordException(
          "the checksum of the record's %d bytes is wrong: the file is damaged".formatted(length));
    }
    if (label < Features.MOST_CLASSES) {
      largest = Math.max(largest, label);
    }
  }

  private String place(long start) {
    return Shard.place("\"" + file + "\"", index.records(), start);
  }

  private JackpotException truncated(long start, long end, long expected) {
    return new JackpotException(
        "%s: the file ends after %d of the record's %d bytes: it is truncated"
            .formatted(place(start), end - start, expected));
  }

  private String broken(long start, byte[] header) {
    int first = header[0] & 0xFF;
    int second = header[1] & 0xFF;
    if (start == 0 && first == 0x1F && second == 0x8B) {
      return "\"%s\" is compressed with GZIP; expected plain records: unpack it with gunzip first"
          .formatted(file);
    }
    if (start == 0 && first == 0x78 && (first << 8 | second) % 31 == 0) {
      return "\"%s\" is compressed with ZLIB; expected plain records: write it without compression"
          .formatted(file);
    }
    return "%s: the checksum of the record's length is wrong: %s"
        .formatted(
            place(start),
            start == 0
                ? "is it a TFRecord file?"
                : "the file is damaged from here on, and the records behind cannot be found");
  }
}
