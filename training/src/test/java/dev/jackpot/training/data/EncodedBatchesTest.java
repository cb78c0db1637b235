package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Augmentation;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.ImageFolder;
import dev.jackpot.config.proto.RandomResizedCrop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches of encoded images: random resized crops, damaged files. */
@Timeout(60)
class EncodedBatchesTest {
  private static final int SIZE = 12;

  @TempDir private Path root;

  private record Content(List<Integer> labels, int images) {}

  @BeforeEach
  void write() {
    for (int i = 0; i < 40; i++) {
      ImageTrees.write(
          root,
          "train/%s/%02d.jpg".formatted(i < 20 ? "a" : "b", i),
          Pictures.jpeg(20 + i, 60 - i));
    }
    ImageTrees.split(root, "val", 5, "a", "b");
  }

  private Data.Builder config() {
    return Data.newBuilder()
        .setFolder(ImageFolder.newBuilder().setPath(root.toString()))
        .setAugmentation(
            Augmentation.newBuilder().setRandomResizedCrop(RandomResizedCrop.getDefaultInstance()))
        .setImageSize(SIZE);
  }

  private static Batches training(Data config, int threads, int prefetch) {
    DataSet data = DataSets.open(config);
    return Batches.training(
        data.train(), Preparation.training(data, config), 1, 2, 18, prefetch, threads);
  }

  private static List<Content> read(Batches batches, int epoch, int firstStep) {
    List<Content> contents = new ArrayList<>();
    try (BatchStream stream = batches.open(epoch, firstStep)) {
      while (stream.hasNext()) {
        try (Batch batch = stream.next()) {
          contents.add(
              new Content(
                  Arrays.stream(batch.labels()).boxed().toList(), Arrays.hashCode(batch.images())));
        }
      }
    }
    return contents;
  }

  @Test
  void randomCropsDoNotDependOnThreadsPrefetchOrWhereTheStreamBegins() {
    List<Content> expected;
    try (Batches one = training(config().build(), 1, 1)) {
      expected = read(one, 3, 0);
    }
    assertThat(expected).hasSize(2);
    for (int threads : new int[] {2, 5}) {
      try (Batches many = training(config().build(), threads, 3)) {
        assertThat(read(many, 3, 0)).isEqualTo(expected);
        assertThat(read(many, 3, 1)).isEqualTo(expected.subList(1, 2));
        assertThat(read(many, 4, 0)).isNotEqualTo(expected);
      }
    }
  }

  @Test
  void everyImageIsItsOwnCropOfItsOwnFile() {
    Data config = config().build();
    DataSet data = DataSets.open(config);
    Preparation preparation = Preparation.training(data, config);
    int size = data.shape().size();
    float[] prepared = new float[size];
    try (Batches batches = training(config, 3, 2);
        BatchStream stream = batches.open(5, 1);
        Batch batch = stream.next()) {
      int[] order = CounterRandom.permutation(40, 1, 5);
      for (int i = 0; i < 18; i++) {
        long random = CounterRandom.bits(2, 5, 18 + i);
        data.train()
            .pixels(
                order[18 + i],
                preparation.crop(random).orElseThrow(),
                Resampler.levels(3),
                prepared,
                0);
        for (int v = 0; v < size; v++) { // in float64
          double mean = data.normalization().mean().get(v % 3);
          prepared[v] =
              (float) ((prepared[v] / 255.0 - mean) / data.normalization().std().get(v % 3));
        }
        assertThat(Arrays.copyOfRange(batch.images(), i * size, (i + 1) * size))
            .containsExactly(prepared, within(1e-5f));
        assertThat(batch.labels()[i]).isEqualTo(order[18 + i] % 2);
      }
    }
  }

  @Test
  void aRandomPartOfAGradientShowsThatPart() {
    // red grows to the right: 40 + 170·x/width
    byte[] png = Pictures.png(100, 200);
    ImageTrees.write(root, "train/a/00.jpg", png); // the ending does not decide the format
    Split split = DataSets.open(config().build()).train();
    float[] pixels = new float[SIZE * SIZE * 3];
    split.pixels(0, (height, width) -> Window.of(10, 50, 40, 100), Resampler.levels(3), pixels, 0);
    double step = 100.0 / SIZE;
    for (int x = 1; x < SIZE - 1; x++) {
      double column = 50 + (x + 0.5) * step - 0.5;
      assertThat((double) pixels[x * 3])
          .isBetween(40 + 170 * column / 200 - 1.5, 40 + 170 * column / 200 + 1.5);
    }
  }

  @Test
  void aDamagedImageEndsTheEpochByName() {
    ImageTrees.write(root, "train/a/07.jpg", Arrays.copyOf(Pictures.jpeg(30, 30), 300));
    try (Batches batches = training(config().build(), 2, 2)) {
      assertThatThrownBy(() -> read(batches, 0, 0))
          .isInstanceOf(CorruptImageException.class)
          .hasMessageStartingWith("train/a/07.jpg: damaged JPEG image: the file ends");
    }
  }

  @Test
  void skippedImagesAreReplacedByTheNextWithItsLabel() {
    ImageTrees.write(root, "train/b/38.jpg", new byte[0]); // image 37
    ImageTrees.write(root, "train/a/19.jpg", "<svg/>".getBytes()); // image 38
    ImageTrees.write(root, "val/b/04.jpg", new byte[3]);
    Data config = config().setOnCorrupt(Data.OnCorrupt.SKIP).build();
    DataSet data = DataSets.open(config);
    byte[] shown = new byte[data.shape().size()];
    byte[] next = shown.clone();
    data.train().pixels(38, shown);
    data.train().pixels(39, next);
    assertThat(shown).isEqualTo(next);
    assertThat(data.train().label(38)).isEqualTo(1);
    data.train().pixels(37, shown);
    assertThat(shown).isEqualTo(next);
    assertThat(data.train().label(37)).isEqualTo(1);
    data.test().pixels(9, shown); // the last: the first stands in
    data.test().pixels(0, next);
    assertThat(shown).isEqualTo(next);
    assertThat(data.test().label(9)).isZero();
    assertThat(data.train().skipped())
        .extracting(Split.Skipped::name)
        .containsExactly("train/b/38.jpg", "train/a/19.jpg");
    assertThat(data.train().skipped().get(1).reason()).contains("found SVG");
  }

  @Test
  void skippingDoesNotDependOnThreads() {
    for (int i = 3; i < 40; i += 3) {
      ImageTrees.write(
          root, "train/%s/%02d.jpg".formatted(i < 20 ? "a" : "b", i), new byte[] {1, 2});
    }
    Data config = config().setOnCorrupt(Data.OnCorrupt.SKIP).build();
    List<Content> expected;
    try (Batches one = training(config, 1, 1)) {
      expected = read(one, 0, 0);
    }
    try (Batches many = training(config, 4, 3)) {
      assertThat(read(many, 0, 1)).isEqualTo(expected.subList(1, 2));
      assertThat(read(many, 0, 0)).isEqualTo(expected);
    }
  }

  @Test
  void aSplitOfDamagedImagesIsRefused() {
    for (String name : new String[] {"a", "b"}) {
      for (int i = 0; i < 5; i++) {
        ImageTrees.write(root, "val/%s/%02d.jpg".formatted(name, i), new byte[0]);
      }
    }
    Split test = DataSets.open(config().setOnCorrupt(Data.OnCorrupt.SKIP).build()).test();
    assertThatThrownBy(() -> test.pixels(3, new byte[SIZE * SIZE * 3]))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith("val/b/01.jpg: none of the 10 images from here on can be decoded");
  }
}
