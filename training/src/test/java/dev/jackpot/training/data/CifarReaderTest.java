package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Cifar;
import dev.jackpot.config.proto.Data;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {
  private static final int RECORD10 = 3073;
  private static final int RECORD100 = 3074;

  @TempDir Path folder;

  private DataSet cifar10() {
    return DataSets.open(
        Data.newBuilder().setCifar10(Cifar.newBuilder().setPath(folder.toString())).build());
  }

  private DataSet cifar100(Cifar.Labels labels) {
    return DataSets.open(
        Data.newBuilder()
            .setCifar100(Cifar.newBuilder().setPath(folder.toString()).setLabels(labels))
            .build());
  }

  /**
   * Records whose red plane is r, r + 1, …, whose green is 100 and blue 200 (all mod 256), r being
   * the record.
   */
  private static byte[] records(int labelBytes, int[]... labels) {
    int record = labelBytes + 3072;
    byte[] bytes = new byte[labels.length * record];
    for (int r = 0; r < labels.length; r++) {
      for (int l = 0; l < labelBytes; l++) {
        bytes[r * record + l] = (byte) labels[r][l];
      }
      int red = r * record + labelBytes;
      for (int p = 0; p < 1024; p++) {
        bytes[red + p] = (byte) (r + p);
        bytes[red + 1024 + p] = 100;
        bytes[red + 2048 + p] = (byte) 200;
      }
    }
    return bytes;
  }

  private static byte[] labels(int... labels) {
    return records(1, Arrays.stream(labels).mapToObj(l -> new int[] {l}).toArray(int[][]::new));
  }

  private void write(String file, byte[] bytes) throws IOException {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.write(folder.resolve(file), bytes);
  }

  private void writeCifar10(String prefix) throws IOException {
    write(prefix + "data_batch_1.bin", labels(0, 1));
    write(prefix + "data_batch_2.bin", labels(2));
    write(prefix + "data_batch_3.bin", labels(3, 4, 5));
    write(prefix + "data_batch_4.bin", labels(6));
    write(prefix + "data_batch_5.bin", labels(7));
    write(prefix + "test_batch.bin", labels(9, 8));
  }

  @Test
  void readsShortBatchesInOrder() throws IOException {
    writeCifar10("");
    DataSet data = cifar10();
    assertThat(data.train().size()).isEqualTo(8);
    assertThat(data.test().size()).isEqualTo(2);
    for (int i = 0; i < 8; i++) {
      assertThat(data.train().label(i)).isEqualTo(i);
    }
    assertThat(data.test().label(0)).isEqualTo(9);
    assertThat(data.classes()).isEqualTo(10);
    assertThat(data.classNames()).startsWith("airplane").endsWith("truck");
    assertThat(data.shape()).isEqualTo(new ImageShape(32, 32, 3));
    assertThat(data.description())
        .isEqualTo("CIFAR-10 layout, not the official pixels (8 + 2 images)");
  }

  @Test
  void interleavesThePlanes() throws IOException {
    writeCifar10("");
    byte[] pixels = new byte[3072];
    cifar10().train().pixels(4, pixels); // the second record of the third file
    for (int p = 0; p < 1024; p++) {
      assertThat(pixels[3 * p]).isEqualTo((byte) (1 + p));
      assertThat(pixels[3 * p + 1]).isEqualTo((byte) 100);
      assertThat(pixels[3 * p + 2]).isEqualTo((byte) 200);
    }
  }

  @Test
  void knowsTheOfficialPixels() throws IOException {
    writeCifar10("");
    byte[] bytes = labels(6);
    byte[] start = {59, 43, 50, 68, 98, 119, (byte) 139, (byte) 145};
    System.arraycopy(start, 0, bytes, 1, start.length);
    write("data_batch_1.bin", bytes);
    assertThat(cifar10().description()).isEqualTo("CIFAR-10 (7 + 2 images)");
  }

  @Test
  void findsTheOfficialFolderInside() throws IOException {
    writeCifar10("cifar-10-batches-bin/");
    assertThat(cifar10().train().size()).isEqualTo(8);
  }

  @Test
  void takesClassNamesFromTheFolder() throws IOException {
    writeCifar10("");
    Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    assertThat(cifar10().classNames())
        .isEqualTo(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
    Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\n");
    assertThatThrownBy(this::cifar10)
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "\"%s\" names 2 classes; expected 10".formatted(folder.resolve("batches.meta.txt")));
  }

  @Test
  void readsBothLabelsOfCifar100() throws IOException {
    write("train.bin", records(2, new int[] {11, 19}, new int[] {15, 29}));
    write("test.bin", records(2, new int[] {10, 49}));
    DataSet fine = cifar100(Cifar.Labels.FINE);
    assertThat(fine.train().label(0)).isEqualTo(19);
    assertThat(fine.train().label(1)).isEqualTo(29);
    assertThat(fine.test().label(0)).isEqualTo(49);
    assertThat(fine.classes()).isEqualTo(100);
    assertThat(fine.classNames().get(19)).isEqualTo("cattle");
    assertThat(fine.description()).isEqualTo("CIFAR-100 (2 + 1 images)");
    DataSet coarse = cifar100(Cifar.Labels.COARSE);
    assertThat(coarse.train().label(0)).isEqualTo(11);
    assertThat(coarse.classes()).isEqualTo(20);
    assertThat(coarse.classNames().get(11)).isEqualTo("large_omnivores_and_herbivores");
    assertThat(coarse.description()).isEqualTo("CIFAR-100, coarse labels (2 + 1 images)");
    byte[] pixels = new byte[3072];
    fine.train().pixels(1, pixels);
    assertThat(pixels).startsWith(1, 100, (byte) 200, 2);
  }

  @Test
  void limitsTakeTheFirstImages() throws IOException {
    writeCifar10("");
    Data.Builder config =
        Data.newBuilder()
            .setCifar10(Cifar.newBuilder().setPath(folder.toString()))
            .setLimitTrain(3)
            .setLimitTest(99);
    DataSet limited = DataSets.open(config.build());
    assertThat(limited.train().size()).isEqualTo(3);
    assertThat(limited.test().size()).isEqualTo(2);
    assertThat(limited.train().label(2)).isEqualTo(2);
    assertThat(limited.description()).endsWith(", the first 3 + 2");
    assertThatThrownBy(() -> limited.train().label(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> DataSets.open(config.setLimitTrain(-1).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("data.limit_train: found -1; expected a number of images, or 0 for all");
  }

  @Test
  void fingerprintTellsContentApart() throws IOException {
    writeCifar10("");
    String one = cifar10().fingerprint();
    assertThat(one).matches("[0-9a-f]{64}").isEqualTo(cifar10().fingerprint());
    byte[] bytes = labels(9, 8);
    bytes[5000] ^= 1;
    write("test_batch.bin", bytes);
    assertThat(cifar10().fingerprint()).isNotEqualTo(one);
    write("test_batch.bin", labels(8, 8));
    assertThat(cifar10().fingerprint()).isNotEqualTo(one);
  }

  private void assertRefused(String... messages) {
    assertThatThrownBy(this::cifar10)
        .asInstanceOf(type(ConfigException.class))
        .satisfies(e -> assertThat(e.problems()).containsExactly(messages))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(2));
  }

  @Test
  void noPath() {
    assertThatThrownBy(
            () -> DataSets.open(Data.newBuilder().setCifar10(Cifar.getDefaultInstance()).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.path: no folder is given for CIFAR-10")
        .hasMessageContaining("--set data.path=DIR");
  }

  @Test
  void missingFolder() {
    folder = folder.resolve("nowhere");
    assertRefused(
        "data.path: folder \"%s\" does not exist; give the folder with --set data.path=DIR (the binary version of CIFAR-10 is at https://www.cs.toronto.edu/~kriz/cifar.html)"
            .formatted(folder));
  }

  @Test
  void aFileInPlaceOfTheFolder() throws IOException {
    write("cifar-10-binary.tar.gz", new byte[10]);
    folder = folder.resolve("cifar-10-binary.tar.gz");
    assertRefused(
        "data.path: \"%s\" is a file; expected the folder with data_batch_1.bin (unpack the archive first)"
            .formatted(folder));
  }

  @Test
  void missingBatchFiles() throws IOException {
    writeCifar10("");
    Files.delete(folder.resolve("data_batch_3.bin"));
    Files.delete(folder.resolve("test_batch.bin"));
    String tail =
        "; expected data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin";
    assertRefused(
        "data.path: \"%s\" has no data_batch_3.bin%s".formatted(folder, tail),
        "data.path: \"%s\" has no test_batch.bin%s".formatted(folder, tail));
  }

  @Test
  void otherThingsInTheFolder() throws IOException {
    write("train.bin", records(2, new int[] {1, 1}));
    write("test.bin", records(2, new int[] {1, 1}));
    assertThatThrownBy(this::cifar10)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("holds none of the files of CIFAR-10")
        .hasMessageContaining(
            "it looks like CIFAR-100, for which the config says data { cifar100 }");
    write("data_batch_1", new byte[5]);
    write("cifar-10-binary.tar.gz", new byte[5]);
    assertThatThrownBy(this::cifar10)
        .hasMessageContaining("the version for Python, where the binary version is needed")
        .hasMessageContaining("the archive cifar-10-binary.tar.gz, which is to be unpacked first");
  }

  @Test
  void truncatedEmptyAndForeignFilesAreReportedTogether() throws IOException {
    writeCifar10("");
    write("data_batch_1.bin", Arrays.copyOf(labels(1, 2), RECORD10 + 100));
    write("data_batch_2.bin", new byte[0]);
    write("data_batch_3.bin", new byte[] {0x1F, (byte) 0x8B, 8, 0});
    write("data_batch_4.bin", new byte[] {(byte) 0x80, 3, '}'});
    write("data_batch_5.bin", new byte[] {'P', 'K', 3, 4});
    String size =
        "\"%s\" has %d bytes; expected a multiple of 3073, the record of CIFAR-10: after %d whole records %d bytes are left over (%s)";
    assertRefused(
        size.formatted(folder.resolve("data_batch_1.bin"), 3173, 1, 100, "truncated?"),
        "\"%s\" is empty; expected records of 3073 bytes (CIFAR-10)"
            .formatted(folder.resolve("data_batch_2.bin")),
        size.formatted(
            folder.resolve("data_batch_3.bin"), 4, 0, 4, "a gzip archive: unpack it first"),
        size.formatted(
            folder.resolve("data_batch_4.bin"),
            3,
            0,
            3,
            "a Python pickle: the binary version is needed"),
        size.formatted(
            folder.resolve("data_batch_5.bin"), 4, 0, 4, "a zip archive: unpack it first"));
  }

  @Test
  void labelsOutOfRange() throws IOException {
    writeCifar10("");
    write("data_batch_2.bin", labels(1, 2, 10));
    write("test_batch.bin", labels(1, 200, 255));
    assertRefused(
        "\"%s\": record 2 (from 0), byte offset 6146: found label 10; expected 0 to 9"
            .formatted(folder.resolve("data_batch_2.bin")),
        "\"%s\": record 1 (from 0), byte offset 3073: found label 200; expected 0 to 9 (2 of 3 records are wrong: is it a file of CIFAR-10?)"
            .formatted(folder.resolve("test_batch.bin")));
  }

  @Test
  void cifar100LabelsOutOfRange() throws IOException {
    write("train.bin", records(2, new int[] {19, 99}, new int[] {20, 100}));
    write("test.bin", records(2, new int[] {1, 1}));
    assertThatThrownBy(() -> cifar100(Cifar.Labels.FINE))
        .asInstanceOf(type(ConfigException.class))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "\"%s\": record 1 (from 0), byte offset %d: found coarse label 20; expected 0 to 19"
                            .formatted(folder.resolve("train.bin"), RECORD100),
                        "\"%s\": record 1 (from 0), byte offset %d: found fine label 100; expected 0 to 99"
                            .formatted(folder.resolve("train.bin"), RECORD100 + 1)));
  }
}
