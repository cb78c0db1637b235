package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Data;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticPhotosTest {
  @TempDir Path first;
  @TempDir Path second;

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    }
  }

  @Test
  void theyAreADataSetLikeImageNetInSize() throws IOException {
    SyntheticPhotos.write(first, 20, 3);
    Data.Builder config = Data.newBuilder();
    config.getFolderBuilder().setPath(first.toString());
    DataSet data = DataSets.open(config.build());
    assertThat(data.classes()).isEqualTo(10);
    assertThat(data.train().size()).isEqualTo(20);
    assertThat(data.test().size()).isEqualTo(10);
    long bytes = 0;
    byte[] shown = new byte[data.shape().size()];
    for (int i = 0; i < 20; i++) {
      ImageShape stored = data.train().stored(i, shown).shape();
      assertThat(Math.max(stored.height(), stored.width())).isBetween(475, 525);
      assertThat(Math.min(stored.height(), stored.width())).isBetween(350, 400);
      bytes += data.train().encodedBytes(i).length;
    }
    // ImageNet's mean is 110,000
    assertThat(bytes / 20).isBetween(60_000L, 180_000L);
  }

  @Test
  void oneSeedGivesTheSameFiles() throws IOException {
    SyntheticPhotos.write(first, 10, 3);
    SyntheticPhotos.write(second, 10, 3);
    assertThat(files(first)).isEqualTo(files(second)).hasSize(20);
    for (Path file : files(first)) {
      assertThat(first.resolve(file)).hasSameBinaryContentAs(second.resolve(file));
    }
  }
}
