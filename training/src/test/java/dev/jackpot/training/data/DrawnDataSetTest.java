package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Drawn;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawnDataSetTest {
  private static DataSet draw(int train, int test, long seed) {
    return DataSets.open(
        Data.newBuilder()
            .setDrawn(Drawn.newBuilder().setTrainImages(train).setTestImages(test).setSeed(seed))
            .build());
  }

  @Test
  void hasTenClassesInEqualShares() {
    DataSet data = draw(200, 50, 7);
    assertThat(data.classNames())
        .containsExactly(
            "disc",
            "ring",
            "square",
            "triangle",
            "star",
            "cross",
            "crescent",
            "heart",
            "arrow",
            "hourglass");
    assertThat(data.shape()).isEqualTo(new ImageShape(32, 32, 3));
    int[] counts = new int[10];
    for (int i = 0; i < 200; i++) {
      counts[data.train().label(i)]++;
    }
    assertThat(counts).containsOnly(20);
    assertThat(data.test().size()).isEqualTo(50);
  }

  @Test
  void theSeedDecidesEveryBit() {
    String fingerprint = draw(200, 50, 7).fingerprint();
    assertThat(draw(200, 50, 7).fingerprint()).isEqualTo(fingerprint);
    assertThat(draw(200, 50, 8).fingerprint()).isNotEqualTo(fingerprint);
  }

  /** The same on every platform and in every release: results are compared by it. */
  @Test
  void isTheSetItAlwaysWas() {
    assertThat(draw(200, 50, 7).fingerprint())
        .isEqualTo("fddbfc9111136aac47820334c6db78afc687f6217218a3f3feaa785ebab4d3bd");
  }

  @Test
  void threadsDoNotMatter() throws Exception {
    ForkJoinPool one = new ForkJoinPool(1);
    try {
      assertThat(one.submit(() -> draw(100, 20, 3).fingerprint()).get())
          .isEqualTo(draw(100, 20, 3).fingerprint());
    } finally {
      one.shutdown();
    }
  }

  @Test
  void moreImagesContinueTheSameSet() {
    DataSet few = draw(20, 10, 7);
    DataSet many = draw(40, 20, 7);
    byte[] one = new byte[3072];
    byte[] other = new byte[3072];
    for (int i = 0; i < 20; i++) {
      few.train().pixels(i, one);
      many.train().pixels(i, other);
      assertThat(other).isEqualTo(one);
    }
    few.test().pixels(0, one);
    many.train().pixels(0, other);
    assertThat(other).as("test images are not training images").isNotEqualTo(one);
  }

  @Test
  void normalisedPixelsAreAboutCentred() {
    DataSet data = draw(500, 10, 7);
    float[] image = new float[3072];
    byte[] pixels = new byte[3072];
    double sum = 0;
    double squares = 0;
    Preparation preparation = Preparation.evaluation(data, Data.getDefaultInstance());
    for (int i = 0; i < 500; i++) {
      data.train().pixels(i, pixels);
      preparation.apply(pixels, 0, image, 0);
      for (float value : image) {
        sum += value;
        squares += value * value;
      }
    }
    double mean = sum / (500 * 3072);
    assertThat(mean).isBetween(-0.1, 0.1);
    assertThat(squares / (500 * 3072) - mean * mean).isBetween(0.8, 1.2);
  }

  /**
   * A softmax over the pixels: no arrangement of edges is within its reach, so it must not get far.
   */
  @Test
  void aLinearClassifierFails() {
    DataSet data = draw(4_000, 1_000, 7);
    double accuracy = new LinearClassifier(data).train(6, 0.002f).accuracy(data.test());
    assertThat(accuracy).isLessThan(0.5);
  }

  @Test
  void refusesAnEmptySplit() {
    assertThatThrownBy(() -> draw(0, 10, 7))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("data.train_images: found 0; expected 1 to ");
    assertThatThrownBy(() -> draw(10, -1, 7))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("data.test_images: found -1; expected 1 to ");
  }

  /** Multinomial logistic regression by plain SGD, one image at a time. */
  private static final class LinearClassifier {
    private final DataSet data;
    private final Preparation preparation;
    private final byte[] pixels = new byte[3072];
    private final float[] image = new float[3072];
    private final float[][] weights = new float[10][3073];

    LinearClassifier(DataSet data) {
      this.data = data;
      this.preparation = Preparation.evaluation(data, Data.getDefaultInstance());
    }

    LinearClassifier train(int epochs, float rate) {
      for (int epoch = 0; epoch < epochs; epoch++) {
        float step = rate * (epochs - epoch) / epochs;
        for (int index : CounterRandom.permutation(data.train().size(), 1, epoch)) {
          double[] scores = scores(data.train(), index);
          double total = 0;
          for (int k = 0; k < 10; k++) {
            scores[k] = Math.exp(scores[k]);
            total += scores[k];
          }
          for (int k = 0; k < 10; k++) {
            float error =
                (float) (scores[k] / total - (k == data.train().label(index) ? 1 : 0)) * step;
            for (int p = 0; p < 3072; p++) {
              weights[k][p] -= error * image[p];
            }
            weights[k][3072] -= error;
          }
        }
      }
      return this;
    }

    double accuracy(Split split) {
      long right =
          IntStream.range(0, split.size())
              .filter(i -> largest(scores(split, i)) == split.label(i))
              .count();
      return right / (double) split.size();
    }

    private double[] scores(Split split, int index) {
      split.pixels(index, pixels);
      preparation.apply(pixels, 0, image, 0);
      double[] scores = new double[10];
      for (int k = 0; k < 10; k++) {
        float sum = weights[k][3072];
        for (int p = 0; p < 3072; p++) {
          sum += weights[k][p] * image[p];
        }
        scores[k] = sum;
      }
      return scores;
    }

    private static int largest(double[] values) {
      int best = 0;
      for (int k = 1; k < values.length; k++) {
        best = values[k] > values[best] ? k : best;
      }
      return best;
    }
  }
}
