package dev.jackpot.training.data.tfrecord;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.jackpot.config.Names;
import dev.jackpot.config.Show;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks through a serialized {@code tf.train.Example} for its label and for the names of its
 * features, without reading the image:
 *
 * <pre>
 * Example   { Features features = 1; }
 * Features  { map&lt;string, Feature&gt; feature = 1; }     an entry: key = 1, value = 2
 * Feature   { BytesList bytes_list = 1; FloatList float_list = 2; Int64List int64_list = 3; }
 * Int64List { repeated int64 value = 1; }               packed or not
 * </pre>
 *
 * As everywhere in protobuf a message may come in pieces, and a later map entry replaces an earlier
 * one.
 */
final class ExampleScan {
  private static final int BUFFER = 2048;
  private static final int BYTES = 1;
  private static final int FLOATS = 2;
  private static final int INTEGERS = 3;

  private final CodedInputStream in;
  private final Features wanted;
  private final List<String> names = new ArrayList<>();
  private final List<Long> labels = new ArrayList<>();
  private int imageKind;
  private int labelKind;

  private ExampleScan(InputStream example, Features wanted) {
    this.in = CodedInputStream.newInstance(example, BUFFER);
    this.wanted = wanted;
  }

  /**
   * What was found: a label, or what is wrong.
   *
   * @param label as stored; 0 if there is a problem
   */
  record Found(long label, Optional<String> problem) {}

  /**
   * Scans one.
   *
   * @throws IOException if the bytes are not such a message or cannot be read
   */
  static Found scan(InputStream example, Features wanted) throws IOException {
    ExampleScan scan = new ExampleScan(example, wanted);
    scan.example();
    Optional<String> problem =
        scan.feature(wanted.image(), scan.imageKind, BYTES)
            .or(() -> scan.feature(wanted.label(), scan.labelKind, INTEGERS))
            .or(scan::labelCount);
    return new Found(problem.isPresent() ? 0 : scan.labels.get(0), problem);
  }

  private Optional<String> feature(String name, int kind, int expected) {
    if (!names.contains(name)) {
      return Optional.of(
          "has no feature \"%s\"; found %s%s"
              .formatted(
                  name,
                  names.isEmpty()
                      ? "no feature at all"
                      : String.join(", ", names.stream().sorted().map(Show::quoted).toList()),
                  Names.hint(name, names.stream().map(Show::oneLine).toList())));
    }
    return kind == expected
        ? Optional.empty()
        : Optional.of(
            "has a feature \"%s\" of kind %s; expected %s"
                .formatted(name, kind(kind), kind(expected)));
  }

  private Optional<String> labelCount() {
    return labels.size() == 1
        ? Optional.empty()
        : Optional.of(
            "has %d values in feature \"%s\"; expected 1".formatted(labels.size(), wanted.label()));
  }

  private static String kind(int kind) {
    return switch (kind) {
      case BYTES -> "bytes";
      case FLOATS -> "float";
      case INTEGERS -> "int64";
      default -> "none (it is empty)";
    };
  }

  private void example() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, 1)) {
        message(this::features);
      } else {
        skip(tag);
      }
    }
  }

  private void features() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, 1)) {
        message(this::entry);
      } else {
        skip(tag);
      }
    }
  }

  private void entry() throws IOException {
    String key = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, 1)) {
        key = in.readStringRequireUtf8();
      } else if (isMessage(tag, 2)) {
        if (key.equals(wanted.image())) {
          message(() -> imageKind = feature(false));
        } else if (key.equals(wanted.label())) {
          labels.clear();
          message(() -> labelKind = feature(true));
        } else {
          skip(tag);
        }
      } else {
        skip(tag);
      }
    }
    if (!names.contains(key)) {
      names.add(key);
    }
  }

  /** The field number of the feature's kind; 0 if it is empty. */
  private int feature(boolean isLabel) throws IOException {
    int kind = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      kind = field;
      if (isLabel && isMessage(tag, INTEGERS)) {
        message(this::integers);
      } else {
        skip(tag);
      }
    }
    return kind;
  }

  private void integers() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isMessage(tag, 1)) {
        message(
            () -> {
              while (!in.isAtEnd()) {
                labels.add(in.readInt64());
              }
            });
      } else if (tag == (1 << 3 | WireFormat.WIRETYPE_VARINT)) {
        labels.add(in.readInt64());
      } else {
        skip(tag);
      }
    }
  }

  private static boolean isMessage(int tag, int field) {
    return tag == (field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  private void skip(int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new InvalidProtocolBufferException("a group ends that never began");
    }
  }

  /** Reads within the length that stands here. */
  private void message(Part part) throws IOException {
    int limit = in.pushLimit(in.readRawVarint32());
    part.read();
    in.popLimit(limit);
  }

  @FunctionalInterface
  private interface Part {
    void read() throws IOException;
  }
}
