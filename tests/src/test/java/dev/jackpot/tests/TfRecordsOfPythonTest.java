package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Data;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.DataSets;
import dev.jackpot.training.data.Split;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards that Python TensorFlow wrote hold the images and labels that it put there. */
@RequiresPeer
class TfRecordsOfPythonTest {
  private static final int CLASSES = 5;

  @TempDir Path folder;

  @Test
  void shardsOfJpegsAreRead() throws Exception {
    write("train-%05d-of-%05d", 3, 50, "--jpeg", 20, 30);
    write("validation-%05d-of-%05d", 1, 7, "--jpeg", 16, 16);
    Data.Builder config = Data.newBuilder().setImageSize(16);
    config.getTfrecordBuilder().setPath(folder.toString()).setLabelOffset(1);
    DataSet data = DataSets.open(config.build());
    assertThat(data.classes()).isEqualTo(CLASSES);
    assertImages(data.train(), 50, 3);
    assertImages(data.test(), 7, 1);
  }

  private void write(String pattern, int shards, int images, Object... more) throws Exception {
    Object[] arguments = new Object[5 + more.length];
    System.arraycopy(new Object[] {folder, pattern, shards, images, CLASSES}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    PeerProgram.run(folder.resolve("log.txt"), "write_tfrecords.py", arguments);
  }

  private static void assertImages(Split split, int images, int shards) {
    assertThat(split.size()).isEqualTo(images);
    byte[] pixels = new byte[split.shape().size()];
    int index = 0;
    for (int shard = 0; shard < shards; shard++) {
      for (int i = shard; i < images; i += shards, index++) {
        int label = i % CLASSES;
        assertThat(split.label(index)).isEqualTo(label);
        split.pixels(index, pixels);
        int[] colour = {40 * label, 100, 200};
        for (int p = 0; p < pixels.length; p++) {
          assertThat(pixels[p] & 0xFF).isBetween(colour[p % 3] - 3, colour[p % 3] + 3);
        }
      }
    }
  }
}
