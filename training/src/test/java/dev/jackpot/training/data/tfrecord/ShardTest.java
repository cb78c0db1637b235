package dev.jackpot.training.data.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.jackpot.config.JackpotException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Example;

class ShardTest {
  private static final Features USUAL = new Features("image/encoded", "image/class/label", 0);

  @TempDir Path folder;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("shard"), bytes);
  }

  private Shard index(byte[] bytes) throws IOException {
    return ShardIndexer.index(file(bytes), USUAL, false);
  }

  private void assertRefused(byte[] bytes, String... words) {
    for (boolean skip : new boolean[] {false, true}) {
      assertThatThrownBy(() -> ShardIndexer.index(file(bytes), USUAL, skip))
          .isInstanceOf(JackpotException.class)
          .hasMessageContainingAll(words)
          .hasMessageContaining(folder.toString());
    }
  }

  private void assertNoSuchExample(Example example, String... words) throws IOException {
    byte[] bytes =
        new ShardWriter()
            .image(ascii("a"), 1)
            .example(example)
            .image(ascii("b"), 2)
            .record(ascii("junk, no message"))
            .bytes();
    assertThatThrownBy(() -> index(bytes))
        .isInstanceOf(JackpotException.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining("record 1 (from 0), byte offset ");
    Shard rest = ShardIndexer.index(file(bytes), USUAL, true);
    assertThat(rest.size()).isEqualTo(2);
    assertThat(rest.leftOut()).hasSize(2);
    assertThat(rest.leftOut().get(0).reason()).contains(words);
    assertThat(rest.leftOut().get(1).name()).startsWith("shard, record 3 (from 0)");
    assertThat(rest.image(1)).isEqualTo(ascii("b"));
    assertThat(rest.name(1)).startsWith("shard, record 2 (from 0)");
  }

  @Test
  void theChecksumIsCrc32cMasked() {
    // CRC32C of "123456789" is e3069283 (RFC 3720's polynomial); masked by hand:
    // rotate(e3069283, 15) = 2507c60d, + a282ead8 = c78ab0e5
    assertThat(Frame.maskedCrc(ascii("x123456789"), 1, 9)).isEqualTo(0xc78ab0e5);
  }

  @Test
  void readsWhatPythonWrote() throws IOException {
    byte[] bytes;
    try (InputStream in = getClass().getResourceAsStream("python-00000-of-00001")) {
      bytes = in.readAllBytes();
    }
    Shard shard =
        ShardIndexer.index(
            file(bytes), new Features("image/encoded", "image/class/label", 1), false);
    assertThat(shard.size()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(shard.image(i)).isEqualTo(ascii("image " + i));
      assertThat(shard.label(i)).isEqualTo(i % 2);
    }
  }

  @Test
  void readsBackWhateverSizeAnImageHas() throws IOException {
    ShardWriter writer = new ShardWriter();
    Random random = new Random(1);
    int[] sizes = {0, 1, 100, 2047, 2048, 2049, 5000, 300_000};
    byte[][] images = new byte[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      images[i] = new byte[sizes[i]];
      random.nextBytes(images[i]);
      writer.image(images[i], i);
    }
    Shard shard = index(writer.bytes());
    assertThat(shard.size()).isEqualTo(sizes.length);
    assertThat(shard.leftOut()).isEmpty();
    for (int i = sizes.length - 1; i >= 0; i--) {
      assertThat(shard.image(i)).isEqualTo(images[i]);
      assertThat(shard.label(i)).isEqualTo(i);
      assertThat(shard.length(i)).isGreaterThan(sizes[i]);
    }
  }

  @Test
  void aLabelMayBeUnpackedAndItsEntryAnywhere() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream list = CodedOutputStream.newInstance(bytes);
    list.writeInt64(1, 77); // not packed
    list.flush();
    ByteString int64List = ByteString.copyFrom(bytes.toByteArray());
    for (boolean imageFirst : new boolean[] {false, true}) {
      ByteString label = entry("image/class/label", message(3, int64List));
      ByteString image =
          entry("image/encoded", message(1, message(1, ByteString.copyFrom(new byte[9000]))));
      ByteString features = imageFirst ? image.concat(label) : label.concat(image);
      Shard shard = index(new ShardWriter().record(message(1, features).toByteArray()).bytes());
      assertThat(shard.label(0)).isEqualTo(77);
      assertThat(shard.image(0)).hasSize(9000);
    }
  }

  private static ByteString entry(String key, ByteString value) throws IOException {
    return message(1, message(1, ByteString.copyFromUtf8(key)).concat(message(2, value)));
  }

  private static ByteString message(int field, ByteString content) throws IOException {
    ByteString.Output out = ByteString.newOutput();
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    coded.writeBytes(field, content);
    coded.flush();
    return out.toByteString();
  }

  @Test
  void examplesWithoutTheFeaturesAreTold() throws IOException {
    assertNoSuchExample(
        Example.getDefaultInstance(), "no feature \"image/encoded\"", "no feature at all");
    Example.Builder other = Example.newBuilder();
    other.getFeaturesBuilder().putFeature("image", ShardWriter.bytes(ascii("x")));
    other.getFeaturesBuilder().putFeature("label", ShardWriter.integers(1));
    assertNoSuchExample(
        other.build(),
        "no feature \"image/encoded\"",
        "found \"image\", \"label\"",
        "nearest: image");
    Example.Builder floats = ShardWriter.usual(ascii("x"), 1);
    floats.getFeaturesBuilder().putFeature("image/class/label", ShardWriter.floats(1));
    assertNoSuchExample(floats.build(), "\"image/class/label\" of kind float; expected int64");
    floats.getFeaturesBuilder().putFeature("image/class/label", ShardWriter.bytes(ascii("cat")));
    assertNoSuchExample(floats.build(), "of kind bytes; expected int64");
    floats.getFeaturesBuilder().putFeature("image/class/label", ShardWriter.integers());
    assertNoSuchExample(floats.build(), "has 0 values");
    floats.getFeaturesBuilder().putFeature("image/class/label", ShardWriter.integers(1, 2));
    assertNoSuchExample(floats.build(), "has 2 values", "expected 1");
    floats.getFeaturesBuilder().putFeature("image/class/label", ShardWriter.integers(1L << 40));
    assertNoSuchExample(floats.build(), "label 1099511627776");
    Example.Builder image = ShardWriter.usual(ascii("x"), 1);
    image.getFeaturesBuilder().putFeature("image/encoded", ShardWriter.integers(3));
    assertNoSuchExample(image.build(), "\"image/encoded\" of kind int64; expected bytes");
  }

  @Test
  void thousandsThatDoNotFitAreNoAccident() throws IOException {
    ShardWriter writer = new ShardWriter().image(ascii("a"), 1);
    for (int i = 0; i < 1001; i++) {
      writer.example(Example.getDefaultInstance());
    }
    assertThatThrownBy(() -> ShardIndexer.index(file(writer.bytes()), USUAL, true))
        .isInstanceOf(JackpotException.class)
        .hasMessageContainingAll("shard, record 1 (from 0)", "no feature at all", "1000 more");
  }

  @Test
  void aDamagedImageIsFoundWhenItIsRead() throws IOException {
    ShardWriter writer = new ShardWriter().image(ascii("first"), 1);
    int second = writer.size();
    byte[] bytes = writer.image(new byte[5000], 1).image(ascii("third"), 2).bytes();
    bytes[second + 3000] ^= 4;
    Shard shard = index(bytes);
    assertThat(shard.image(2)).isEqualTo(ascii("third"));
    assertThatThrownBy(() -> shard.image(1))
        .isInstanceOf(DamagedRecordException.class)
        .hasMessageContainingAll(
            "shard, record 1 (from 0), byte offset %d".formatted(second), "checksum", "damaged");
  }

  @Test
  void aLabelIsBelievedToBeTheLargestOnlyIfItsRecordIsWhole() throws IOException {
    byte[] image = new byte[5000];
    ShardWriter writer = new ShardWriter().image(image, 1);
    int second = writer.size();
    byte[] bytes = writer.image(image, 3).image(image, 2).bytes();
    for (int label : new int[] {0x7F, 0x30}) {
      byte[] broken = bytes.clone();
      int at = indexOf(broken, second, new byte[] {0x1A, 3, 0x0A, 1, 3}) + 4;
      broken[at] = (byte) label;
      assertThatThrownBy(() -> index(broken))
          .isInstanceOf(JackpotException.class)
          .hasMessageContainingAll(
              "record 1 (from 0), byte offset %d".formatted(second), "checksum", "damaged");
      Shard rest = ShardIndexer.index(file(broken), USUAL, true);
      assertThat(rest.size()).isEqualTo(2);
      assertThat(rest.label(1)).isEqualTo(2);
      assertThat(rest.leftOut().get(0).reason()).contains("checksum");
    }
  }

  private static int indexOf(byte[] bytes, int from, byte[] part) {
    for (int i = from; ; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
  }

  @Test
  void labelsThatCanBeNoClassAreNamed() throws IOException {
    for (long label : new long[] {1_000_000, 100_000_000, Integer.MAX_VALUE, Long.MAX_VALUE}) {
      byte[] bytes = new ShardWriter().image(ascii("a"), 0).image(ascii("b"), label).bytes();
      assertThatThrownBy(() -> index(bytes))
          .isInstanceOf(JackpotException.class)
          .hasMessageContainingAll("record 1 (from 0)", "has label " + label, "at most 999999");
    }
    assertThat(index(new ShardWriter().image(ascii("a"), 999_999).bytes()).label(0))
        .isEqualTo(999_999);
  }

  @Test
  void anEmptyFileHasNoRecords() throws IOException {
    Shard shard = index(new byte[0]);
    assertThat(shard.size()).isZero();
    assertThat(shard.leftOut()).isEmpty();
  }

  @Test
  void aDamagedLengthEndsTheFile() {
    ShardWriter writer = new ShardWriter().image(ascii("first"), 0);
    int second = writer.size();
    byte[] bytes = writer.image(ascii("second"), 1).bytes();
    for (int i = 0; i < Frame.HEADER; i++) {
      byte[] broken = bytes.clone();
      broken[second + i] ^= 1;
      assertRefused(
          broken,
          "record 1 (from 0), byte offset %d".formatted(second),
          "checksum of the record's length");
    }
  }

  @Test
  void everyTruncationIsFound() throws IOException {
    ShardWriter writer = new ShardWriter().image(ascii("first"), 0);
    int second = writer.size();
    byte[] bytes = writer.image(ascii("second"), 1).bytes();
    for (int length = second + 1; length < bytes.length; length++) {
      assertRefused(Arrays.copyOf(bytes, length), "record 1", "byte offset " + second, "truncated");
    }
    assertThat(index(Arrays.copyOf(bytes, second)).size()).isEqualTo(1);
  }

  @Test
  void compressedAndForeignFilesAreTold() throws IOException {
    byte[] bytes = new ShardWriter().image(ascii("first"), 0).bytes();
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(bytes);
    }
    assertRefused(gzip.toByteArray(), "GZIP", "gunzip");
    ByteArrayOutputStream zlib = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(zlib)) {
      out.write(bytes);
    }
    assertRefused(zlib.toByteArray(), "ZLIB");
    assertRefused(ascii("not a file of records at all"), "is it a TFRecord file?");
  }

  @Test
  void aFileThatChangesIsFound() throws IOException {
    byte[] bytes = new ShardWriter().image(new byte[100], 0).image(new byte[100], 1).bytes();
    Shard shard = index(bytes);
    file(new ShardWriter().image(new byte[120], 0).image(new byte[80], 1).bytes());
    assertThatThrownBy(() -> shard.image(0))
        .isInstanceOf(DamagedRecordException.class)
        .hasMessageContaining("changed");
    file(Arrays.copyOf(bytes, 50));
    assertThatThrownBy(() -> shard.image(0)).hasMessageContaining("it has changed");
  }

  @Test
  void bytesAtRandomGiveOneLine() throws IOException {
    byte[] good = ShardWriter.usual(new byte[60], 3).build().toByteArray();
    Random random = new Random(9);
    for (int i = 0; i < 1000; i++) {
      byte[] broken = good.clone();
      for (int b = 0; b < 1 + i % 5; b++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt();
      }
      Path file = file(new ShardWriter().record(broken).bytes());
      try {
        Shard shard = ShardIndexer.index(file, USUAL, false);
        assertThat(shard.size()).isEqualTo(1);
        shard.image(0);
      } catch (JackpotException e) {
        assertThat(e.getMessage().lines()).hasSize(1);
      }
    }
  }
}
