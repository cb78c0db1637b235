package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Data;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValidationChoiceTest {
  private static final ImageShape SHAPE = new ImageShape(1, 1, 3);

  /** A pixel names its image. */
  private static Split split(int[] labels) {
    byte[] pixels = new byte[3 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      pixels[3 * i] = (byte) i;
      pixels[3 * i + 1] = (byte) (i >> 8);
    }
    return new ArraySplit(SHAPE, List.of(new ArraySplit.Block(labels, pixels)));
  }

  private static DataSet set(int... labels) {
    Split split = split(labels);
    return new MemoryDataSet(
        "set",
        split,
        split,
        List.of("a", "b", "c"),
        new ChannelNormalization(List.of(.5, .5, .5), List.of(.5, .5, .5)));
  }

  private static Data share(double share, long seed) {
    Data.Builder config = Data.newBuilder();
    config.getValidationBuilder().setShare(share).setSeed(seed);
    return config.build();
  }

  private static int[] images(Split split) {
    byte[] pixels = new byte[3];
    int[] images = new int[split.size()];
    for (int i = 0; i < images.length; i++) {
      split.pixels(i, pixels);
      images[i] = pixels[0] & 0xFF | (pixels[1] & 0xFF) << 8;
    }
    return images;
  }

  @Test
  void theLargestRemaindersRoundUp() {
    // 10 of 100: 5.5, 3.3, 1.2 → 5 + 3 + 1, one is left for the remainder .5
    assertThat(ValidationChoice.shares(new int[] {55, 33, 12}, 10)).containsExactly(6, 3, 1);
    // three equal remainders of 2/3: the two lower classes
    assertThat(ValidationChoice.shares(new int[] {5, 5, 5}, 5)).containsExactly(2, 2, 1);
    assertThat(ValidationChoice.shares(new int[] {0, 7, 0}, 3)).containsExactly(0, 3, 0);
    assertThat(ValidationChoice.shares(new int[] {1, 1, 98}, 1)).containsExactly(0, 0, 1);
  }

  @Test
  void sharesAreExactAndNoneIsMoreThanAClassHas() {
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      int[] sizes = random.ints(1 + random.nextInt(20), 0, 50).toArray();
      int all = Arrays.stream(sizes).sum();
      if (all < 2) {
        continue;
      }
      int count = 1 + random.nextInt(all - 1);
      int[] shares = ValidationChoice.shares(sizes, count);
      assertThat(Arrays.stream(shares).sum()).isEqualTo(count);
      for (int c = 0; c < sizes.length; c++) {
        assertThat(shares[c]).isBetween(0, sizes[c]);
        assertThat(Math.abs(shares[c] - (double) count * sizes[c] / all)).isLessThan(1);
      }
    }
  }

  @Test
  void theTwoPartsAreTheWholeInOrder() {
    int[] labels = new Random(1).ints(1000, 0, 3).toArray();
    DataSet parted = ValidationChoice.apart(set(labels), share(0.1, 1));
    int[] train = images(parted.train());
    int[] validation = images(parted.validation().orElseThrow());
    assertThat(validation).hasSize(100).isSorted();
    assertThat(train).hasSize(900).isSorted();
    Set<Integer> all = new HashSet<>();
    IntStream.concat(Arrays.stream(train), Arrays.stream(validation)).forEach(all::add);
    assertThat(all).hasSize(1000);
    for (int i = 0; i < validation.length; i++) {
      assertThat(parted.validation().orElseThrow().label(i)).isEqualTo(labels[validation[i]]);
    }
    assertThat(parted.test().size()).isEqualTo(1000);
    assertThat(parted.description()).isEqualTo("set, 100 of 1000 training images set apart");
  }

  @Test
  void theSeedAloneDecides() {
    DataSet whole = set(new Random(1).ints(1000, 0, 3).toArray());
    int[] first = images(ValidationChoice.apart(whole, share(0.1, 1)).validation().orElseThrow());
    assertThat(images(ValidationChoice.apart(whole, share(0.1, 1)).validation().orElseThrow()))
        .isEqualTo(first);
    assertThat(images(ValidationChoice.apart(whole, share(0.1, 2)).validation().orElseThrow()))
        .isNotEqualTo(first);
  }

  @Test
  void aFingerprintTellsWhichImagesAreSetApart() {
    DataSet whole = set(new Random(1).ints(100, 0, 3).toArray());
    assertThat(
            List.of(
                whole.fingerprint(),
                ValidationChoice.apart(whole, share(0.1, 1)).fingerprint(),
                ValidationChoice.apart(whole, share(0.1, 2)).fingerprint()))
        .doesNotHaveDuplicates();
  }

  @Test
  void onePartMayNotBeEmpty() {
    DataSet whole = set(0, 1, 2, 0);
    for (double share : new double[] {0.1, 0.9}) {
      assertThatThrownBy(() -> ValidationChoice.apart(whole, share(share, 1)))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll("data.validation.share: found " + share, "of the 4");
    }
    Data.Builder config = Data.newBuilder();
    config.getValidationBuilder().setImages(4);
    assertThatThrownBy(() -> ValidationChoice.apart(whole, config.build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("data.validation.images: found 4", "fewer than the 4");
    config.getValidationBuilder().setImages(3);
    assertThat(ValidationChoice.apart(whole, config.build()).train().size()).isEqualTo(1);
  }

  @Test
  void itIsTakenFromWhatTheLimitLeaves() {
    Data.Builder config = Data.newBuilder().setLimitTrain(100);
    config.getDrawnBuilder().setTrainImages(130).setTestImages(20);
    config.getValidationBuilder().setImages(30);
    DataSet data = DataSets.open(config.build());
    assertThat(data.train().size()).isEqualTo(70);
    assertThat(data.validation().orElseThrow().size()).isEqualTo(30);
    assertThat(data.description()).contains("the first 100 + 20, 30 of 100 training images");
  }
}
