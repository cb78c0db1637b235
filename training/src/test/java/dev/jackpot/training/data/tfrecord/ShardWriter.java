package dev.jackpot.training.data.tfrecord;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tensorflow.proto.BytesList;
import org.tensorflow.proto.Example;
import org.tensorflow.proto.Feature;
import org.tensorflow.proto.FloatList;
import org.tensorflow.proto.Int64List;

/** Writes a TFRecord file, for tests. */
public final class ShardWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Adds an example with the usual features and some more. */
  public ShardWriter image(byte[] encoded, long label) {
    return example(usual(encoded, label).build());
  }

  /** Adds an example. */
  public ShardWriter example(Example example) {
    return record(example.toByteArray());
  }

  /** Adds any bytes as a record. */
  public ShardWriter record(byte[] data) {
    byte[] length = little(8).putLong(data.length).array();
    bytes.writeBytes(length);
    bytes.writeBytes(little(4).putInt(Frame.maskedCrc(length, 0, 8)).array());
    bytes.writeBytes(data);
    bytes.writeBytes(little(4).putInt(Frame.maskedCrc(data, 0, data.length)).array());
    return this;
  }

  /** Bytes so far: the offset of the next record. */
  public int size() {
    return bytes.size();
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }

  public Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An example with the usual features and some more. */
  static Example.Builder usual(byte[] encoded, long label) {
    Example.Builder example = Example.newBuilder();
    example
        .getFeaturesBuilder()
        .putFeature("image/encoded", bytes(encoded))
        .putFeature("image/class/label", integers(label))
        .putFeature(
            "image/class/text", bytes("text".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .putFeature("image/object/bbox/xmin", floats(0.5f, 1));
    return example;
  }

  static Feature bytes(byte[]... values) {
    BytesList.Builder list = BytesList.newBuilder();
    for (byte[] value : values) {
      list.addValue(ByteString.copyFrom(value));
    }
    return Feature.newBuilder().setBytesList(list).build();
  }

  static Feature integers(long... values) {
    Int64List.Builder list = Int64List.newBuilder();
    for (long value : values) {
      list.addValue(value);
    }
    return Feature.newBuilder().setInt64List(list).build();
  }

  static Feature floats(float... values) {
    FloatList.Builder list = FloatList.newBuilder();
    for (float value : values) {
      list.addValue(value);
    }
    return Feature.newBuilder().setFloatList(list).build();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
