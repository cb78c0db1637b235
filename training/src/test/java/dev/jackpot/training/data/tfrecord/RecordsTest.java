package dev.jackpot.training.data.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Example;

class RecordsTest {
  private static final Features USUAL = new Features("image/encoded", "image/class/label", 1);

  @TempDir Path folder;

  private Path shard(String name, int first, int count) {
    ShardWriter writer = new ShardWriter();
    for (int i = first; i < first + count; i++) {
      writer.image(new byte[] {(byte) i}, i % 4 + 1);
    }
    return writer.write(folder.resolve(name));
  }

  @Test
  void recordsOfAllShardsComeInOrder() {
    List<Path> files = List.of(shard("a", 0, 3), shard("b", 3, 1), shard("c", 4, 5));
    Records records = Records.index(files, USUAL, false);
    assertThat(records.size()).isEqualTo(9);
    for (int i = 0; i < 9; i++) {
      assertThat(records.image(i)).containsExactly(i);
      assertThat(records.label(i)).isEqualTo(i % 4);
    }
    assertThat(records.name(3)).isEqualTo("b, record 0 (from 0), byte offset 0");
    assertThat(records.name(5)).startsWith("c, record 1 ");
  }

  @Test
  void shardsOfWhichNothingIsLeftAreNoMatter() {
    Path bad = new ShardWriter().example(Example.getDefaultInstance()).write(folder.resolve("b"));
    List<Path> files = List.of(bad, shard("a", 0, 2), bad, bad, shard("c", 2, 2), bad);
    Records records = Records.index(files, USUAL, true);
    assertThat(records.size()).isEqualTo(4);
    assertThat(records.leftOut()).hasSize(4);
    assertThat(records.leftOut().get(0).reason()).contains("no feature at all");
    for (int i = 0; i < 4; i++) {
      assertThat(records.image(i)).containsExactly(i);
    }
  }

  @Test
  void emptyShardsAreTold() throws IOException {
    Path empty = Files.write(folder.resolve("b"), new byte[0]);
    Records records =
        Records.index(List.of(shard("a", 0, 2), empty, shard("c", 2, 1)), USUAL, false);
    assertThat(records.size()).isEqualTo(3);
    assertThat(records.name(2)).startsWith("c, record 0");
    assertThat(records.empty()).containsExactly(empty);
  }

  @Test
  void everyBadFileIsToldUpToTen() throws IOException {
    Path junk = Files.writeString(folder.resolve("junk"), "not a file of records");
    assertThatThrownBy(() -> Records.index(java.util.Collections.nCopies(12, junk), USUAL, true))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              assertThat(e.problems()).hasSize(11).last().asString().contains("2 more");
              assertThat(e.problems().get(0)).contains("junk", "is it a TFRecord file?");
            });
  }

  @Test
  void patternsChooseFilesInOrder() throws IOException {
    for (String name : List.of("train-2", "train-1", "train-10", "xtrain-1", "validation-1")) {
      shard(name, 0, 1);
    }
    Files.createDirectory(folder.resolve("train-3"));
    assertThat(ShardFiles.matching(folder, "train-*", "data.tfrecord.train"))
        .extracting(p -> p.getFileName().toString())
        .containsExactly("train-1", "train-10", "train-2");
    assertThat(ShardFiles.matching(folder, "train-?", "data.tfrecord.train")).hasSize(2);
    assertThatThrownBy(() -> ShardFiles.matching(folder, "valid.*", "data.tfrecord.test"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("data.tfrecord.test", "\"valid.*\"", "nearest");
  }

  @Test
  void splitsThatShareAShardAreRefused() throws IOException {
    Path a = shard("a", 0, 1);
    Path b = shard("b", 0, 1);
    Path link = Files.createSymbolicLink(folder.resolve("link"), a);
    ShardFiles.requireApart(List.of(a), List.of(b));
    assertThatThrownBy(() -> ShardFiles.requireApart(List.of(a, b), List.of(link)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("share", a.toRealPath().toString());
  }

  @Test
  void missingNumbersAreNoticed() {
    List<Path> files = List.of(Path.of("t-00000-of-00004"), Path.of("t-00002-of-00004"));
    assertThat(ShardFiles.missing(files)).containsExactly("t-00001-of-00004", "t-00003-of-00004");
    assertThat(ShardFiles.missing(List.of(Path.of("t-0-of-1")))).isEmpty();
    assertThat(ShardFiles.missing(List.of(Path.of("t.tfrecord")))).isEmpty();
  }
}
