package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.ImageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderReaderTest {
  @TempDir private Path root;

  @BeforeEach
  void write() {
    ImageTrees.split(root, "train", 2, "ant", "bee", "cat");
    ImageTrees.split(root, "val", 1, "ant", "bee", "cat");
  }

  private Data.Builder config() {
    return Data.newBuilder()
        .setFolder(ImageFolder.newBuilder().setPath(root.toString()))
        .setImageSize(8);
  }

  private DataSet open() {
    return DataSets.open(config().build());
  }

  private static String[] names(Split split) {
    return IntStream.range(0, split.size()).mapToObj(split::name).toArray(String[]::new);
  }

  @Test
  void classesTakeTurnsInTheOrderOfTheirNames() {
    DataSet data = open();
    assertThat(data.classNames()).containsExactly("ant", "bee", "cat");
    assertThat(names(data.train()))
        .containsExactly(
            "train/ant/00.jpg",
            "train/bee/00.jpg",
            "train/cat/00.jpg",
            "train/ant/01.jpg",
            "train/bee/01.jpg",
            "train/cat/01.jpg");
    assertThat(IntStream.range(0, 6).map(data.train()::label)).containsExactly(0, 1, 2, 0, 1, 2);
    assertThat(data.shape()).isEqualTo(new ImageShape(8, 8, 3));
    assertThat(data.train().stored(0, new byte[192]).shape()).isEqualTo(new ImageShape(16, 16, 3));
    byte[] pixels = new byte[8 * 8 * 3];
    data.train().pixels(4, pixels);
    assertThat(pixels).containsOnly(80);
    assertThat(data.normalization()).isEqualTo(ChannelNormalization.IMAGENET);
    assertThat(data.description()).endsWith("(6 + 3 images)");
  }

  @Test
  void hiddenFilesAndOtherFilesAreLeftOutDeepOnesAndLinksAreNot() throws IOException {
    ImageTrees.write(root, "train/ant/.DS_Store.jpg", new byte[1]);
    ImageTrees.write(root, "train/.cache/x.jpg", new byte[1]);
    ImageTrees.write(root, "train/ant/Thumbs.db", new byte[1]);
    ImageTrees.write(root, "train/ant/deep/er/x.PNG", Pictures.png(4, 4));
    Path elsewhere = ImageTrees.write(root, "store/y.gif", Pictures.animatedGif(1, 2));
    Files.createSymbolicLink(root.resolve("train/ant/zz.gif"), elsewhere);
    assertThat(names(open().train()))
        .endsWith(
            "train/cat/00.jpg",
            "train/ant/01.jpg",
            "train/bee/01.jpg",
            "train/cat/01.jpg",
            "train/ant/deep/er/x.PNG",
            "train/ant/zz.gif");
  }

  @Test
  void theTestFolderIsTheUsualOneOrTheConfigs() throws IOException {
    Files.move(root.resolve("val"), root.resolve("test"));
    assertThat(open().test().name(0)).isEqualTo("test/ant/00.jpg");
    Files.move(root.resolve("test"), root.resolve("held-out"));
    Data.Builder config = config();
    config.getFolderBuilder().setTest("held-out");
    assertThat(DataSets.open(config.build()).test().name(0)).isEqualTo("held-out/ant/00.jpg");
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has no folder val, test, validation, valid for the test split")
        .hasMessageContaining("found held-out, train");
  }

  @Test
  void aLimitTakesImagesOfAllClasses() {
    DataSet data = DataSets.open(config().setLimitTrain(4).build());
    assertThat(names(data.train()))
        .containsExactly(
            "train/ant/00.jpg", "train/bee/00.jpg", "train/cat/00.jpg", "train/ant/01.jpg");
  }

  @Test
  void namesToShowComeFromAFile() {
    ImageTrees.text(root, "names.txt", "bee honey bee\nant  army ant\ncat\thouse cat, mouser\n");
    Data.Builder config = config();
    config.getFolderBuilder().setClassNames("names.txt");
    assertThat(DataSets.open(config.build()).classNames())
        .containsExactly("army ant", "honey bee", "house cat, mouser");
    ImageTrees.text(root, "names.txt", "bea honey bee\nant army ant\ncat cat\n");
    assertThatThrownBy(() -> DataSets.open(config.build()))
        .hasMessageContaining("does not name bee; nearest: bea");
  }

  @Test
  void missingFoldersAreNamed() {
    Data.Builder config = config();
    config.getFolderBuilder().setPath(root.resolve("nowhere").toString());
    assertThatThrownBy(() -> DataSets.open(config.build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nowhere\" does not exist; expected a folder with train/CLASS/IMAGE");
    config.getFolderBuilder().setPath(root.toString()).setTrain("trian");
    assertThatThrownBy(() -> DataSets.open(config.build()))
        .hasMessageContaining("data.folder.train: ")
        .hasMessageContaining("has no folder \"trian\"; found train, val; nearest: train");
  }

  @Test
  void aClassWithoutImagesIsNamed() throws IOException {
    Files.createDirectories(root.resolve("train/dog"));
    Files.createDirectories(root.resolve("val/dog"));
    ImageTrees.write(root, "train/eel/readme.txt", new byte[3]);
    ImageTrees.write(root, "val/eel/1.jpg", Pictures.jpeg(1));
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dog\" is empty; expected JPEG, PNG, GIF or BMP images")
        .hasMessageContaining("eel\" has 1 files, but no image");
  }

  @Test
  void aSplitWithoutClassFoldersIsNamed() throws IOException {
    Files.createDirectories(root.resolve("none"));
    Data.Builder config = config();
    config.getFolderBuilder().setTest("none");
    assertThatThrownBy(() -> DataSets.open(config.build()))
        .hasMessageContaining("none\" has no class folders");
  }

  @Test
  void classFoldersThatDifferAreNamedWithTheNearest() throws IOException {
    Files.move(root.resolve("val/bee"), root.resolve("val/bees"));
    assertThatThrownBy(this::open)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("has class folders that")
        .hasMessageContaining("bees; nearest: bee, ")
        .hasMessageContaining("lacks class folders that");
  }

  @Test
  void splitsThatAreOneFolderAreRefused() throws IOException {
    Data.Builder config = config();
    config.getFolderBuilder().setTest("train");
    assertThatThrownBy(() -> DataSets.open(config.build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the splits overlap")
        .hasMessageContaining("are one folder");
    Files.createSymbolicLink(root.resolve("linked"), root.resolve("train"));
    config.getFolderBuilder().setTest("linked");
    assertThatThrownBy(() -> DataSets.open(config.build())).hasMessageContaining("are one folder");
    config.getFolderBuilder().setTest("train/ant");
    assertThatThrownBy(() -> DataSets.open(config.build()))
        .hasMessageContaining("are inside one another");
  }

  @Test
  void aClassFolderThatBothSplitsShareIsRefused() throws IOException {
    Files.delete(root.resolve("val/ant/00.jpg"));
    Files.delete(root.resolve("val/ant"));
    Files.createSymbolicLink(root.resolve("val/ant"), root.resolve("train/ant"));
    assertThatThrownBy(this::open).hasMessageContaining("the splits overlap");
  }

  @Test
  void linksToNothingAndInCirclesAreNamed() throws IOException {
    Files.createSymbolicLink(root.resolve("train/bee/gone.jpg"), root.resolve("gone.jpg"));
    assertThatThrownBy(this::open).hasMessageContaining("gone.jpg\" is a link to nothing");
    Files.delete(root.resolve("train/bee/gone.jpg"));
    Files.createSymbolicLink(root.resolve("train/bee/again"), root.resolve("train/bee"));
    assertThatThrownBy(this::open).hasMessageContaining("again\" is a link to a folder around it");
  }

  @Test
  void aDamagedFileIsNamedWhenItIsShown() {
    ImageTrees.write(root, "train/bee/00.jpg", new byte[0]);
    DataSet data = open();
    assertThatThrownBy(() -> data.train().pixels(1, new byte[192]))
        .isInstanceOf(JackpotException.class)
        .hasMessageStartingWith("train/bee/00.jpg: the file is empty (0 bytes)");
  }

  @Test
  void theFingerprintCoversNamesLabelsAndLengths() {
    String before = open().fingerprint();
    assertThat(open().fingerprint()).isEqualTo(before);
    ImageTrees.write(root, "train/cat/01.jpg", Pictures.png(3, 3));
    String changed = open().fingerprint();
    assertThat(changed).isNotEqualTo(before);
    ImageTrees.write(root, "train/cat/02.jpg", Pictures.png(3, 3));
    assertThat(open().fingerprint()).isNotEqualTo(changed);
    assertThat(DataSets.open(config().setImageSize(9).build()).fingerprint()).isNotEqualTo(changed);
  }
}
