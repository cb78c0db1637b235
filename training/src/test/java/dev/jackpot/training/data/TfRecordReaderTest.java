package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Data;
import dev.jackpot.training.data.tfrecord.ShardWriter;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Example;

class TfRecordReaderTest {
  private static final int SIZE = 8;

  @TempDir Path folder;

  /** A PNG of one colour, (10 · i, 20, 30). */
  private static byte[] png(int i) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < SIZE * SIZE; p++) {
      image.setRGB(p % SIZE, p / SIZE, 10 * i << 16 | 20 << 8 | 30);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static ShardWriter images(int first, int count) {
    ShardWriter writer = new ShardWriter();
    for (int i = first; i < first + count; i++) {
      writer.image(png(i), i % 3 + 1);
    }
    return writer;
  }

  private void good() {
    images(0, 4).write(folder.resolve("train-00000-of-00002"));
    images(4, 3).write(folder.resolve("train-00001-of-00002"));
    images(7, 2).write(folder.resolve("validation-00000-of-00001"));
  }

  private Data config(Consumer<Data.Builder> more) {
    Data.Builder config = Data.newBuilder().setImageSize(SIZE).setResize(SIZE);
    config.getTfrecordBuilder().setPath(folder.toString()).setLabelOffset(1);
    more.accept(config);
    return config.build();
  }

  private void assertRefused(Consumer<Data.Builder> more, String... words) {
    assertThatThrownBy(() -> DataSets.open(config(more)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void bothSplitsAreRead() {
    good();
    DataSet data = DataSets.open(config(c -> {}));
    assertThat(data.train().size()).isEqualTo(7);
    assertThat(data.test().size()).isEqualTo(2);
    assertThat(data.classNames()).containsExactly("class 0", "class 1", "class 2");
    byte[] pixels = new byte[data.shape().size()];
    for (int i = 0; i < 7; i++) {
      data.train().pixels(i, pixels);
      assertThat(Arrays.copyOf(pixels, 3)).containsExactly(10 * i, 20, 30);
      assertThat(data.train().label(i)).isEqualTo(i % 3);
    }
    data.test().pixels(1, pixels);
    assertThat(pixels[pixels.length - 3]).isEqualTo((byte) 80);
    assertThat(data.fingerprint())
        .hasSize(64)
        .isEqualTo(DataSets.open(config(c -> {})).fingerprint());
  }

  @Test
  void classesHaveNames() throws IOException {
    good();
    Files.writeString(folder.resolve("names.txt"), "ant\nbee\ncat\n");
    assertThat(
            DataSets.open(config(c -> c.getTfrecordBuilder().setClassNames("names.txt")))
                .classNames())
        .containsExactly("ant", "bee", "cat");
    assertRefused(
        c -> c.getTfrecordBuilder().setClassNames("names.txt").setClasses(4),
        "names.txt",
        "has 3 lines",
        "4 classes");
  }

  @Test
  void aNamesFileThatIsNotThereOrHasGapsIsRefused() throws IOException {
    good();
    Consumer<Data.Builder> named = c -> c.getTfrecordBuilder().setClassNames("names.txt");
    assertRefused(named, "data.tfrecord.class_names: no file", "names.txt");
    Files.writeString(folder.resolve("names.txt"), "ant\n\nbee\ncat\n");
    assertRefused(named, "names.txt\", line 2 is blank", "class 1");
    Files.writeString(folder.resolve("names.txt"), " \n");
    assertRefused(named, "is empty");
    Files.writeString(folder.resolve("names.txt"), "ant\nbee \ncat\n\n \n");
    assertThat(DataSets.open(config(named)).classNames()).containsExactly("ant", "bee", "cat");
  }

  @Test
  void everyClassHasATrainingImage() {
    good();
    assertRefused(
        c -> c.getTfrecordBuilder().setLabelOffset(0),
        "no training image is of label 0",
        "each of the 4 classes",
        "set label_offset: 1");
    assertRefused(
        c -> c.getTfrecordBuilder().setClasses(5),
        "no training image is of label 3 (class 3), label 4 (class 4)");
    Data cut = config(c -> c.setLimitTrain(2).setLimitTest(1));
    assertThat(DataSets.open(cut).classes()).isEqualTo(3);
  }

  @Test
  void anEmptyShardIsOneWithoutRecords() throws IOException {
    good();
    Files.write(folder.resolve("train-00001-of-00002"), new byte[0]);
    assertThat(DataSets.open(config(c -> {})).train().size()).isEqualTo(4);
    Files.write(folder.resolve("train-00000-of-00002"), new byte[0]);
    assertRefused(c -> {}, "the training split has 0 images");
  }

  @Test
  void aLabelThatIsNoClassIsNamedBeforeClassesAreMade() {
    good();
    for (long label : new long[] {100_000_000, 1L << 31}) {
      images(0, 4).image(png(4), label).write(folder.resolve("train-00000-of-00002"));
      assertRefused(c -> {}, "train-00000-of-00002", "record 4 (from 0)", "has label " + label);
    }
  }

  @Test
  void labelsOutsideOfTheClassesAreNamed() {
    good();
    assertRefused(
        c -> c.getTfrecordBuilder().setClasses(2),
        "train-00000-of-00002, record 2 (from 0)",
        "has label 2",
        "expected 0 to 1");
    images(0, 2).write(folder.resolve("train-00000-of-00002"));
    images(0, 2).write(folder.resolve("train-00001-of-00002"));
    images(2, 1).write(folder.resolve("validation-00000-of-00001"));
    assertRefused(c -> {}, "validation-00000-of-00001, record 0", "has label 2");
    assertRefused(c -> c.getTfrecordBuilder().setLabelOffset(2), "has label -1", "label_offset, 2");
  }

  @Test
  void splitsThatOverlapAndPatternsThatMatchNothingAreRefused() {
    good();
    assertRefused(
        c -> c.getTfrecordBuilder().setTest("train-*1-of*"), "share", "train-00001-of-00002");
    assertRefused(c -> c.getTfrecordBuilder().setTest("test-*"), "data.tfrecord.test", "nearest");
    assertRefused(c -> c.getTfrecordBuilder().setPath(folder + "/none"), "does not exist");
    assertRefused(
        c -> c.getTfrecordBuilder().setPath(folder + "/train-00000-of-00002"), "is a file");
  }

  @Test
  void missingFeaturesAreTold() {
    good();
    assertRefused(
        c -> c.getTfrecordBuilder().setLabelFeature("image/class/labels"),
        "no feature \"image/class/labels\"",
        "nearest: image/class/label",
        "\"image/class/text\"");
    assertRefused(
        c ->
            c.setOnCorrupt(Data.OnCorrupt.SKIP)
                .getTfrecordBuilder()
                .setLabelFeature("image/class/text"),
        "no record of the training split can be used",
        "of kind bytes; expected int64");
  }

  @Test
  void damagedRecordsFailOrAreCounted() throws IOException {
    good();
    ShardWriter writer = images(0, 2).example(Example.getDefaultInstance());
    int third = writer.size();
    byte[] bytes = writer.image(png(2), 3).image(png(3), 1).bytes();
    bytes[bytes.length - 5] ^= 1; // in the last record's data
    Files.write(folder.resolve("train-00000-of-00002"), bytes);
    assertRefused(c -> {}, "train-00000-of-00002", "record 2 (from 0)", "no feature");

    DataSet data = DataSets.open(config(c -> c.setOnCorrupt(Data.OnCorrupt.SKIP)));
    Split train = data.train();
    assertThat(train.size()).isEqualTo(7);
    assertThat(train.name(2)).contains("record 3 (from 0), byte offset " + third);
    byte[] pixels = new byte[data.shape().size()];
    train.pixels(3, pixels);
    assertThat(pixels[0]).isEqualTo((byte) 40); // the next image stands in
    assertThat(train.label(3)).isEqualTo(4 % 3);
    assertThat(train.skipped())
        .satisfiesExactly(
            s -> assertThat(s.name()).contains("record 2 (from 0)"),
            s -> assertThat(s.reason()).contains("record 4 (from 0)", "checksum"));
  }
}
