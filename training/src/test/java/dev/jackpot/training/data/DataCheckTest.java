package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Drawn;
import dev.jackpot.config.proto.ImageFolder;
import dev.jackpot.config.proto.Validation;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCheckTest {
  /** Two pixels of two channels per image. */
  private static final ImageShape SHAPE = new ImageShape(1, 2, 2);

  private static DataSet set(int[] labels, int... pixels) {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) pixels[i];
    }
    Split train = new ArraySplit(SHAPE, List.of(new ArraySplit.Block(labels, bytes)));
    Split test =
        new ArraySplit(SHAPE, List.of(new ArraySplit.Block(new int[] {2}, new byte[SHAPE.size()])));
    return new MemoryDataSet(
        "four pixels",
        train,
        test,
        List.of("a", "b", "c"),
        new ChannelNormalization(List.of(0.0, 0.0), List.of(1.0, 1.0)));
  }

  @Test
  void countsAndMeasures() {
    // channel 0: 0, 255, 0, 255; channel 1: 51, 51, 153, 153
    DataCheck check = DataCheck.of(set(new int[] {0, 2}, 0, 51, 255, 51, 0, 153, 255, 153));
    assertThat(check.description()).isEqualTo("four pixels");
    assertThat(check.shape()).isEqualTo(SHAPE);
    assertThat(check.fingerprint()).hasSize(64);
    assertThat(check.train().images()).isEqualTo(2);
    assertThat(check.train().perClass()).containsExactly(1, 0, 1);
    assertThat(check.train().withoutImages()).containsExactly(1);
    assertThat(check.train().mean().get(0)).isCloseTo(0.5, within(1e-12));
    assertThat(check.train().mean().get(1)).isCloseTo(0.4, within(1e-12));
    assertThat(check.train().std().get(0)).isCloseTo(0.5, within(1e-12));
    assertThat(check.train().std().get(1)).isCloseTo(0.2, within(1e-12));
    assertThat(check.test().perClass()).containsExactly(0, 0, 1);
    assertThat(check.test().std()).containsExactly(0.0, 0.0);
  }

  @Test
  void refusesALabelThatIsNoClass() {
    assertThatThrownBy(() -> DataCheck.of(set(new int[] {1, 3}, 0, 0, 0, 0, 0, 0, 0, 0)))
        .isInstanceOf(JackpotException.class)
        .hasMessage("the training split's image 1 (from 0) has label 3; expected 0 to 2");
  }

  @Test
  void listsSizesDamagedFilesAndOverlaps(@TempDir Path root) {
    ImageTrees.split(root, "train", 3, "a", "b");
    ImageTrees.split(
        root, "val", 1, "a", "b"); // greys 20 and 40: train/a/00.jpg and train/a/01.jpg
    ImageTrees.write(root, "train/a/02.jpg", Pictures.png(40, 20));
    ImageTrees.write(root, "train/b/00.jpg", Pictures.png(30, 50));
    ImageTrees.write(root, "train/b/01.jpg", new byte[0]);
    ImageTrees.write(root, "val/b/zz.gif", new byte[] {'G', 'I', 'F', '8', '9', 'a', 1});
    Data.Builder config =
        Data.newBuilder()
            .setFolder(ImageFolder.newBuilder().setPath(root.toString()))
            .setImageSize(8);
    for (Data.OnCorrupt onCorrupt : Data.OnCorrupt.values()) {
      DataCheck check = DataCheck.of(DataSets.open(config.setOnCorrupt(onCorrupt).build()));
      assertThat(check.images()).isEqualTo(9);
      assertThat(check.train().perClass()).containsExactly(3, 3);
      // 16, 16, 40, 30, 16 and 16, 16, 20, 50, 16
      assertThat(check.train().heights()).isEqualTo(new SplitCheck.Range(16, 16, 40));
      assertThat(check.train().widths()).isEqualTo(new SplitCheck.Range(16, 16, 50));
      assertThat(check.unreadable())
          .extracting(Split.Skipped::name)
          .containsExactly("train/b/01.jpg", "val/b/zz.gif");
      assertThat(check.unreadable().get(1).reason())
          .isEqualTo("val/b/zz.gif: damaged GIF image: the file ends inside its header, at byte 7");
      assertThat(check.overlaps())
          .containsExactly(
              new DataCheck.Overlap("val/a/00.jpg", "train/a/00.jpg"),
              new DataCheck.Overlap("val/b/00.jpg", "train/a/01.jpg"));
    }
  }

  @Test
  void validationIsCheckedToo() {
    DataCheck check =
        DataCheck.of(
            DataSets.open(
                Data.newBuilder()
                    .setDrawn(Drawn.newBuilder().setTrainImages(100).setTestImages(10))
                    .setValidation(Validation.newBuilder().setImages(20))
                    .build()));
    assertThat(check.train().images()).isEqualTo(80);
    assertThat(check.validation().orElseThrow().perClass()).containsOnly(2);
    assertThat(check.images()).isEqualTo(110);
    assertThat(check.overlaps()).isEmpty();
  }
}
