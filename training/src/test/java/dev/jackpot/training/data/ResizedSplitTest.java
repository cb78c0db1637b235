package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Augmentation;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Drawn;
import dev.jackpot.config.proto.RandomResizedCrop;
import org.junit.jupiter.api.Test;

class ResizedSplitTest {
  private static Data.Builder drawn() {
    return Data.newBuilder().setDrawn(Drawn.newBuilder().setTrainImages(20).setTestImages(10));
  }

  @Test
  void aSmallSetIsHandedOutLarger() {
    DataSet small = DataSets.open(drawn().build());
    DataSet large = DataSets.open(drawn().setImageSize(64).build());
    assertThat(large.shape()).isEqualTo(new ImageShape(64, 64, 3));
    assertThat(large.description()).endsWith(" at 64×64");
    assertThat(large.train().stored(0, new byte[64 * 64 * 3]).shape())
        .isEqualTo(new ImageShape(32, 32, 3));
    byte[] stored = new byte[32 * 32 * 3];
    byte[] shown = new byte[64 * 64 * 3];
    small.test().pixels(3, stored);
    large.test().pixels(3, shown);
    // the four pixels around each stored one average to about it
    double difference = 0;
    for (int i = 0; i < stored.length; i++) {
      int y = i / 96;
      int x = i / 3 % 32;
      int sum = 0;
      for (int k = 0; k < 4; k++) {
        sum += shown[((2 * y + k / 2) * 64 + 2 * x + k % 2) * 3 + i % 3] & 0xFF;
      }
      difference += Math.abs(sum / 4.0 - (stored[i] & 0xFF));
    }
    assertThat(difference / stored.length).isLessThan(6);
  }

  @Test
  void aMarginIsCut() {
    DataSet whole = DataSets.open(drawn().setImageSize(48).build());
    DataSet cut = DataSets.open(drawn().setImageSize(32).setResize(48).build());
    byte[] all = new byte[48 * 48 * 3];
    byte[] centre = new byte[32 * 32 * 3];
    whole.train().pixels(5, all);
    cut.train().pixels(5, centre);
    for (int i = 0; i < centre.length; i++) {
      int y = i / 96 + 8;
      int x = i / 3 % 32 + 8;
      assertThat(centre[i]).isEqualTo(all[(y * 48 + x) * 3 + i % 3]);
    }
  }

  @Test
  void randomPartsWorkOnDecodedSets() {
    Data config =
        drawn()
            .setAugmentation(
                Augmentation.newBuilder()
                    .setRandomResizedCrop(RandomResizedCrop.getDefaultInstance()))
            .build();
    DataSet data = DataSets.open(config);
    Preparation preparation = Preparation.training(data, config);
    float[] first = new float[data.shape().size()];
    float[] second = first.clone();
    data.train().pixels(0, preparation.crop(1).orElseThrow(), preparation.levels(), first, 0);
    data.train().pixels(0, preparation.crop(2).orElseThrow(), preparation.levels(), second, 0);
    assertThat(first).isNotEqualTo(second);
    byte[] evaluated = new byte[first.length];
    data.train().pixels(0, evaluated);
    byte[] stored = new byte[first.length];
    DataSets.open(drawn().build()).train().pixels(0, stored);
    assertThat(evaluated).isEqualTo(stored);
  }
}
