package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Augmentation;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.ImageFolder;
import dev.jackpot.config.proto.RandomResizedCrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With {@code on_corrupt: SKIP}: what is damaged is a function of the files. */
@Timeout(60)
class DamagedImagesTest {
  private static final int SIZE = 8;
  private static final Crop TOP = (height, width) -> Window.of(0, 0, 40, width);
  private static final Crop BOTTOM = (height, width) -> Window.of(height - 40, 0, 40, width);

  /** Three images of 4×4. */
  private abstract static class Small implements Split {
    @Override
    public int size() {
      return 3;
    }

    @Override
    public ImageShape shape() {
      return new ImageShape(4, 4, 3);
    }

    @Override
    public int label(int index) {
      return index;
    }
  }

  @TempDir private Path temp;
  private Path root;

  @BeforeEach
  void write() {
    root = temp.resolve("set");
    for (int i = 0; i < 12; i++) {
      byte[] jpeg = Pictures.jpeg(400, 300 + i);
      // half of every third one is missing
      ImageTrees.write(
          root,
          "train/%s/%02d.jpg".formatted(i < 6 ? "a" : "b", i),
          i % 3 == 0 ? Arrays.copyOf(jpeg, jpeg.length * 2 / 3) : jpeg);
    }
    ImageTrees.split(root, "val", 3, "a", "b");
  }

  private Data config() {
    return Data.newBuilder()
        .setFolder(ImageFolder.newBuilder().setPath(root.toString()))
        .setAugmentation(
            Augmentation.newBuilder().setRandomResizedCrop(RandomResizedCrop.getDefaultInstance()))
        .setImageSize(SIZE)
        .setOnCorrupt(Data.OnCorrupt.SKIP)
        .build();
  }

  private static float[] show(Split split, int index, Crop crop) {
    float[] shown = new float[SIZE * SIZE * 3];
    split.pixels(index, crop, Resampler.levels(3), shown, 0);
    return shown;
  }

  @Test
  void theOrderOfCropsDoesNotMatter() {
    Split one = DataSets.open(config()).train();
    Split other = DataSets.open(config()).train();
    float[] top = show(one, 0, TOP);
    float[] bottom = show(one, 0, BOTTOM);
    assertThat(show(other, 0, BOTTOM)).isEqualTo(bottom);
    assertThat(show(other, 0, TOP)).isEqualTo(top);
    // always the same other image, with its label: 0 is train/a/00.jpg, 1 is train/b/06.jpg
    assertThat(one.usable(1)).isFalse();
    assertThat(show(one, 2, TOP)).isEqualTo(top);
    assertThat(one.label(0)).isEqualTo(one.storedLabel(2));
    assertThat(one.label(1)).isEqualTo(one.storedLabel(2));
    assertThat(one.storedLabel(1)).isEqualTo(1);
  }

  @Test
  void aResumedStreamIsTheUnbrokenOne() {
    List<float[]> unbroken = read(0);
    for (int step = 1; step < unbroken.size(); step++) {
      List<float[]> resumed = read(step);
      for (int i = 0; i < resumed.size(); i++) {
        assertThat(resumed.get(i)).isEqualTo(unbroken.get(step + i));
      }
    }
  }

  private List<float[]> read(int firstStep) {
    DataSet data = DataSets.open(config());
    List<float[]> images = new ArrayList<>();
    try (Batches batches =
            Batches.training(data.train(), Preparation.training(data, config()), 1, 2, 2, 2);
        BatchStream stream = batches.open(1, firstStep)) {
      while (stream.hasNext()) {
        try (Batch batch = stream.next()) {
          images.add(batch.images().clone());
        }
      }
    }
    return images;
  }

  @Test
  void evaluationLeavesThemOut() {
    ImageTrees.write(root, "val/a/01.jpg", new byte[0]); // image 2 of 6
    ImageTrees.write(root, "val/a/02.jpg", new byte[0]); // image 4
    ImageTrees.write(root, "val/b/02.jpg", new byte[0]); // image 5
    DataSet data = DataSets.open(config());
    List<Integer> sizes = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    try (Batches batches =
            Batches.evaluation(data.test(), Preparation.evaluation(data, config()), 2, 1);
        BatchStream stream = batches.open(0, 0)) {
      while (stream.hasNext()) {
        try (Batch batch = stream.next()) {
          sizes.add(batch.size());
          assertThat(batch.images()).hasSize(batch.size() * SIZE * SIZE * 3);
          Arrays.stream(batch.labels()).forEach(labels::add);
        }
      }
    }
    assertThat(sizes).containsExactly(2, 1, 0);
    assertThat(labels).containsExactly(0, 1, 1);
  }

  @Test
  void aFileThatIsGoneIsOneDamagedImageAFolderThatIsGoneIsTheEnd() throws IOException {
    Split test = DataSets.open(config()).test();
    Files.delete(root.resolve("val/b/01.jpg")); // image 3
    test.pixels(3, new byte[SIZE * SIZE * 3]);
    assertThat(test.skipped())
        .singleElement()
        .extracting(Split.Skipped::reason)
        .asString()
        .startsWith("val/b/01.jpg: the file cannot be read: ")
        .endsWith("does not exist");
    Files.move(root, temp.resolve("elsewhere"));
    assertThatThrownBy(() -> test.pixels(0, new byte[SIZE * SIZE * 3]))
        .isExactlyInstanceOf(JackpotException.class)
        .hasMessageContaining("the data set's folder is gone");
  }

  @Test
  void anAnimationIsCutAfterItsFirstFrame() {
    byte[] gif = Pictures.animatedGif(0xC02040, 0x00FF00);
    byte[] still = GifStill.of(gif);
    assertThat(still.length).isLessThan(gif.length);
    assertThat(still).endsWith((byte) ';');
    assertThat(GifStill.of(still)).isEqualTo(still);
    Window.Region whole = new Window.Region(0, 0, 6, 9);
    assertThat(ImageDecoder.shared().decode(new EncodedImage("x", still), whole))
        .isEqualTo(ImageDecoder.shared().decode(new EncodedImage("x", gif), whole));
    for (int length = 13; length < still.length - 1; length++) {
      byte[] broken = Arrays.copyOf(gif, length);
      assertThat(GifStill.of(broken)).isEqualTo(broken);
    }
  }

  @Test
  void thinImagesHaveACentre() {
    Window window = new CentreCrop(256, 224).of(1, 9_000_000);
    assertThat(window.left() + window.width() / 2).isBetween(4_499_999.0, 4_500_001.0);
    assertThat(new CentreCrop(256, 224).of(9_000_000, 1).height()).isBetween(0.8, 0.9);
  }

  @Test
  void aResizedSplitIsIdentifiedByItsStoredImages() {
    List<Integer> asked = new ArrayList<>();
    Split stored =
        new Small() {
          @Override
          public void pixels(int index, byte[] target) {
            throw new AssertionError("the fingerprint reads no pixels of its own accord");
          }

          @Override
          public void identify(int index, Fingerprint fingerprint) {
            asked.add(index);
          }
        };
    new ResizedSplit(
            stored, new ImageShape(9, 9, 3), (height, width) -> Window.of(0, 0, height, width))
        .identify(1, null);
    assertThat(asked).containsExactly(1);
  }

  @Test
  void tooLittleMemoryNamesTheImage() {
    Split split =
        new Small() {
          @Override
          public void pixels(int index, byte[] target) {
            throw new OutOfMemoryError("Java heap space");
          }

          @Override
          public String name(int index) {
            return "a/huge.jpg";
          }
        };
    DataSet set = Sets.set(new ImageShape(4, 4, 3), 3, 3);
    Preparation preparation = Preparation.evaluation(set, Data.getDefaultInstance());
    try (Batches batches = Batches.evaluation(split, preparation, 2, 0);
        BatchStream stream = batches.open(0, 0)) {
      assertThatThrownBy(stream::next)
          .isInstanceOf(JackpotException.class)
          .hasMessageStartingWith("a/huge.jpg: not enough memory to prepare this image");
    }
  }
}
