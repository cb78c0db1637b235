package dev.jackpot.training.data.tfrecord;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jackpot.config.AtomicFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;

/**
 * One TFRecord file, indexed. The file is opened anew for each read, so that hundreds of shards
 * need no open files and no owner. Safe for several threads.
 */
public final class Shard {
  private final Path file;
  private final Features features;
  private final ShardIndex index;

  /** Does not change the index any more. */
  Shard(Path file, Features features, ShardIndex index) {
    this.file = file;
    this.features = features;
    this.index = index;
  }

  public Path file() {
    return file;
  }

  /** Number of records that can be used. */
  public int size() {
    return index.size();
  }

  /** Records that were left out since they hold no such example. */
  public List<LeftOut> leftOut() {
    return index.leftOut();
  }

  /** The label of record {@code i}, less the offset. */
  public int label(int i) {
    return index.label(i);
  }

  /** Length of record {@code i} in bytes, without frame. */
  public int length(int i) {
    return index.length(i);
  }

  /** What to call record {@code i}: the file's name, its number and byte offset. */
  public String name(int i) {
    return place(file.getFileName().toString(), index.number(i), index.start(i));
  }

  static String place(String file, long record, long offset) {
    return "%s, record %d (from 0), byte offset %d".formatted(file, record, offset);
  }

  /**
   * The encoded image of record {@code i}.
   *
   * @throws DamagedRecordException if its checksum is wrong or it holds no image
   * @throws dev.jackpot.config.JackpotException if the file cannot be read
   */
  public byte[] image(int i) {
    byte[] record = read(i);
    try {
      Example example = Example.parser().parseFrom(record, Frame.HEADER, index.length(i));
      Feature image = example.getFeatures().getFeatureMap().get(features.image());
      int values = image == null ? 0 : image.getBytesList().getValueCount();
      if (values != 1) {
        throw new DamagedRecordException(
            "%s: found %d values in feature \"%s\"; expected 1"
                .formatted(name(i), values, features.image()));
      }
      return image.getBytesList().getValue(0).toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new DamagedRecordException(
          "%s: holds no tf.train.Example: %s".formatted(name(i), e.getMessage()), e);
    }
  }

  /** The record with its frame, whose checksums are right. */
  private byte[] read(int i) {
    byte[] record = new byte[Frame.HEADER + index.length(i) + Frame.FOOTER];
    try (FileChannel channel = FileChannel.open(file)) {
      ChannelWindow.readFully(channel, index.start(i), record);
    } catch (EOFException e) {
      throw new DamagedRecordException(
          "%s: %s, within the record: it has changed".formatted(name(i), e.getMessage()), e);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
    if (Frame.length(Arrays.copyOf(record, Frame.HEADER)) != index.length(i)) {
      throw new DamagedRecordException(
          "%s: the record's length is another than before: the file has changed"
              .formatted(name(i)));
    }
    if (!Frame.isWhole(record)) {
      throw new DamagedRecordException(
          "%s: the checksum of the record's %d bytes is wrong: the file is damaged"
              .formatted(name(i), index.length(i)));
    }
    return record;
  }
}
