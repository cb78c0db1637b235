package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Augmentation;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Normalization;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreparationTest {
  /** 2×3 images of one channel; normalised value = pixel − 1, so that 0 is not the black pixel. */
  private static final DataSet GREY = Sets.set(new ImageShape(2, 3, 1), 4, 4);

  private static final Normalization MINUS_ONE =
      Normalization.newBuilder().addMean(1 / 255.0).addStd(1 / 255.0).build();
  private static final byte[] IMAGE = {1, 2, 3, 4, 5, 6};

  private static Preparation grey(Augmentation.Fill fill) {
    return Preparation.training(
        GREY,
        Data.newBuilder()
            .setNormalization(MINUS_ONE)
            .setAugmentation(Augmentation.newBuilder().setPad(3).setFill(fill))
            .build());
  }

  private static float[] shifted(Augmentation.Fill fill, int dy, int dx, boolean mirror) {
    float[] target = new float[8];
    target[0] = 77;
    target[7] = 77;
    grey(fill).apply(IMAGE, dy, dx, mirror, target, 1);
    assertThat(target[0]).as("before the image").isEqualTo(77);
    assertThat(target[7]).as("behind the image").isEqualTo(77);
    float[] image = new float[6];
    System.arraycopy(target, 1, image, 0, 6);
    return image;
  }

  @Test
  void cropsByHand() {
    Augmentation.Fill mean = Augmentation.Fill.MEAN;
    // image: 1 2 3 / 4 5 6, normalised 0 1 2 / 3 4 5
    assertThat(shifted(mean, 0, 0, false))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(shifted(mean, 0, 1, false))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(1, 2, 0, 4, 5, 0);
    assertThat(shifted(mean, 0, -1, false))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(0, 0, 1, 0, 3, 4);
    assertThat(shifted(mean, 1, 0, false))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(3, 4, 5, 0, 0, 0);
    assertThat(shifted(mean, -1, 2, false))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(0, 0, 0, 2, 0, 0);
    assertThat(shifted(mean, 0, 3, false))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(0, 0, 0, 0, 0, 0);
    assertThat(shifted(mean, 0, -3, true))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(0, 0, 0, 0, 0, 0);
  }

  @Test
  void mirrorsAfterTheCrop() {
    Augmentation.Fill mean = Augmentation.Fill.MEAN;
    assertThat(shifted(mean, 0, 0, true))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(2, 1, 0, 5, 4, 3);
    assertThat(shifted(mean, 0, 1, true))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(0, 2, 1, 0, 5, 4);
    assertThat(shifted(mean, 1, -1, true))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(4, 3, 0, 0, 0, 0);
  }

  @Test
  void blackFillIsTheNormalisedBlackPixel() {
    assertThat(shifted(Augmentation.Fill.BLACK, 0, 1, false))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(1, 2, -1, 4, 5, -1);
    assertThat(shifted(Augmentation.Fill.BLACK, -1, 0, true))
        .usingComparatorWithPrecision(1e-4f)
        .containsExactly(-1, -1, -1, 2, 1, 0);
  }

  @Test
  void colourChannelsStayTogetherAndHaveTheirOwnConstants() {
    DataSet colour = Sets.set(new ImageShape(1, 2, 3), 4, 4);
    Data config =
        Data.newBuilder()
            .setNormalization(
                Normalization.newBuilder()
                    .addMean(0)
                    .addMean(0.5)
                    .addMean(1)
                    .addStd(1)
                    .addStd(0.5)
                    .addStd(0.25))
            .build();
    byte[] pixels = {0, 0, 0, (byte) 255, (byte) 255, (byte) 255};
    float[] target = new float[6];
    Preparation.evaluation(colour, config).apply(pixels, 0L, target, 0);
    assertThat(target).containsExactly(0, -1, -4, 1, 1, 0);
    Preparation.evaluation(colour, config).apply(pixels, 0, 0, true, target, 0);
    assertThat(target).containsExactly(1, 1, 0, 0, -1, -4);
  }

  @Test
  void everyShiftAndBothSidesOccur() {
    DataSet data = Sets.set(new ImageShape(5, 5, 1), 4, 4);
    Preparation preparation =
        Preparation.training(
            data,
            Data.newBuilder()
                .setNormalization(Normalization.newBuilder().addMean(0).addStd(1 / 255.0))
                .setAugmentation(Augmentation.newBuilder().setPad(1))
                .build());
    byte[] pixels = new byte[25];
    for (int i = 0; i < 25; i++) {
      pixels[i] = (byte) (i + 1);
    }
    Set<Integer> seen = new HashSet<>();
    float[] target = new float[25];
    int mirrored = 0;
    for (int i = 0; i < 2_000; i++) {
      preparation.apply(pixels, CounterRandom.bits(1, 0, i), target, 0);
      boolean mirror = target[11] > target[13];
      mirrored += mirror ? 1 : 0;
      seen.add(Math.round(target[12]) * (mirror ? -1 : 1)); // the centre tells the shift
    }
    assertThat(seen).hasSize(18);
    assertThat(mirrored).isBetween(880, 1_120);
  }

  @Test
  void withoutAugmentationTheRandomBitsDoNotMatter() {
    Preparation preparation = Preparation.training(GREY, Data.getDefaultInstance());
    float[] one = new float[6];
    float[] other = new float[6];
    preparation.apply(IMAGE, 1L, one, 0);
    preparation.apply(IMAGE, -1L, other, 0);
    assertThat(other).isEqualTo(one);
    assertThat(one[0]).isEqualTo((float) ((1 / 255.0 - 0.5) / 0.5));
  }

  @Test
  void refusesConstantsThatDoNotFit() {
    Normalization.Builder three =
        Normalization.newBuilder().addMean(0).addMean(0).addMean(0).addStd(1).addStd(1).addStd(1);
    assertThatThrownBy(
            () -> Preparation.evaluation(GREY, Data.newBuilder().setNormalization(three).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("data.normalization: 3 values of mean and std for images of 1 channels");
    assertThatThrownBy(() -> ChannelNormalization.of(Normalization.newBuilder().addMean(0).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("1 values of mean and 0 of std");
    assertThatThrownBy(
            () -> ChannelNormalization.of(Normalization.newBuilder().addMean(0).addStd(0).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("data.normalization.std[0]: found 0.0; expected a number greater than 0");
    assertThatThrownBy(
            () ->
                ChannelNormalization.of(
                    Normalization.newBuilder().addMean(Double.NaN).addStd(1).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data.normalization.mean[0]: found NaN");
    assertThatThrownBy(
            () ->
                Preparation.training(
                    GREY,
                    Data.newBuilder()
                        .setAugmentation(Augmentation.newBuilder().setPad(-1))
                        .build()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("data.augmentation.pad: found -1; expected 0 to 3 for 2×3×1 images");
  }
}
