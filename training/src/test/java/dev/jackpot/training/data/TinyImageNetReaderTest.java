package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.TinyImageNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyImageNetReaderTest {
  @TempDir private Path folder;
  private Path root;

  @BeforeEach
  void write() {
    root = folder.resolve("tiny-imagenet-200");
    ImageTrees.tinyImageNet(root);
  }

  private DataSet open(Path path) {
    return DataSets.open(
        Data.newBuilder()
            .setTinyImagenet(TinyImageNet.newBuilder().setPath(path.toString()))
            .build());
  }

  @Test
  void readsTheArchivesLayout() {
    DataSet data = open(root);
    assertThat(data.classNames()).containsExactly("goldfish", "black stork");
    assertThat(data.shape()).isEqualTo(new ImageShape(64, 64, 3));
    assertThat(data.train().size()).isEqualTo(4);
    assertThat(data.train().name(0)).isEqualTo("train/n01/images/n01_0.JPEG");
    assertThat(IntStream.range(0, 4).map(data.train()::label)).containsExactly(0, 1, 0, 1);
    assertThat(data.test().name(2)).isEqualTo("val/images/val_2.JPEG");
    assertThat(IntStream.range(0, 3).map(data.test()::label)).containsExactly(0, 1, 1);
    assertThat(open(folder).fingerprint()).isEqualTo(data.fingerprint());
  }

  @Test
  void missingFilesAreListed() throws IOException {
    Files.delete(root.resolve("wnids.txt"));
    Files.delete(root.resolve("val/val_annotations.txt"));
    assertThatThrownBy(() -> open(root))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has no wnids.txt; expected the folder with wnids.txt, train and val")
        .hasMessageContaining("has no val/val_annotations.txt");
  }

  @Test
  void testImagesMovedToClassFoldersAreRecognised() throws IOException {
    Files.delete(root.resolve("val/val_annotations.txt"));
    ImageTrees.write(root, "val/n01/val_0.JPEG", Pictures.jpeg(1));
    assertThatThrownBy(() -> open(root))
        .hasMessageContaining("val holds class folders: read it as data { folder { … } }");
  }

  @Test
  void annotationsThatDoNotFitAreListedByLine() {
    ImageTrees.text(
        root,
        "val/val_annotations.txt",
        "val_0.JPEG\tn03\t0\nval_9.JPEG\tn01\t0\nval_1.JPEG n01\nval_2.JPEG\tn01\nval_2.JPEG\tn01\n");
    assertThatThrownBy(() -> open(root))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(
            "line 1: found the class \"n03\", which wnids.txt does not list; near")
        .hasMessageContaining(
            "line 2: there is no image \"val_9.JPEG\" in val/images; nearest: val")
        .hasMessageContaining(
            "line 3: found \"val_1.JPEG n01\"; expected an image and a WordNet id")
        .hasMessageContaining("line 5: \"val_2.JPEG\" has a line already");
  }

  @Test
  void anImageWithoutAnnotationIsNamed() {
    ImageTrees.write(root, "val/images/val_3.JPEG", Pictures.jpeg(1));
    assertThatThrownBy(() -> open(root)).hasMessageContaining("has no line for val_3.JPEG");
  }

  @Test
  void classFoldersThatDifferFromTheListAreNamed() throws IOException {
    ImageTrees.write(root, "train/n03/images/x.JPEG", Pictures.jpeg(1));
    assertThatThrownBy(() -> open(root))
        .hasMessageContaining("has folders that wnids.txt does not list: n03; nearest: n01");
    Files.move(root.resolve("train/n02"), folder.resolve("away"));
    assertThatThrownBy(() -> open(root))
        .hasMessageContaining("lacks the folders of n02, which wnids.txt lists; nearest: n03");
  }
}
