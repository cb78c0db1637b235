package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Data;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BareDecodingTest {
  @TempDir Path root;

  private Split train() {
    Data.Builder config = Data.newBuilder().setImageSize(8);
    config.getFolderBuilder().setPath(root.toString());
    return DataSets.open(config.build()).train();
  }

  @Test
  void damagedImagesAreLeftOut() {
    ImageTrees.split(root, "train", 3, "a", "b");
    ImageTrees.split(root, "val", 1, "a", "b");
    ImageTrees.write(root, "train/a/01.jpg", new byte[0]);
    ImageTrees.write(root, "train/b/00.jpg", new byte[] {1, 2, 3, 4});
    try (BareDecoding decoding = new BareDecoding(train(), 2)) {
      assertThat(decoding.decode(0.2)).isPositive();
    }
  }

  @Test
  void ifNoneCanBeDecodedItSaysSo() {
    ImageTrees.split(root, "val", 1, "a");
    ImageTrees.write(root, "train/a/00.jpg", new byte[0]);
    try (BareDecoding decoding = new BareDecoding(train(), 1)) {
      assertThatThrownBy(() -> decoding.decode(5))
          .isInstanceOf(JackpotException.class)
          .hasMessage("none of the 1 images can be decoded");
    }
  }
}
