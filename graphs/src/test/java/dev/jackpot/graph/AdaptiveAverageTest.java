package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

class AdaptiveAverageTest {
  /** Pixels 0–1, 1–3 and 3–4 of five: overlapping bins. */
  @Test
  void fivePixelsInThreeBins() {
    assertThat(AdaptiveAverage.weights(5, 3))
        .isDeepEqualTo(
            new double[][] {
              {1 / 2., 1 / 2., 0, 0, 0}, {0, 1 / 3., 1 / 3., 1 / 3., 0}, {0, 0, 0, 1 / 2., 1 / 2.}
            });
  }

  @Test
  void fewerPixelsThanBinsAreRepeated() {
    assertThat(AdaptiveAverage.weights(2, 3))
        .isDeepEqualTo(new double[][] {{1, 0}, {1 / 2., 1 / 2.}, {0, 1}});
  }

  @ParameterizedTest
  @CsvSource({"7, 7", "14, 7", "1, 7", "2, 7", "8, 7", "13, 7", "224, 7", "3, 2"})
  void everyBinIsAMeanAndEveryPixelIsInOne(int pixels, int bins) {
    double[][] weights = AdaptiveAverage.weights(pixels, bins);
    double[] used = new double[pixels];
    for (double[] bin : weights) {
      double sum = 0;
      for (int i = 0; i < pixels; i++) {
        sum += bin[i];
        used[i] += bin[i];
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
    }
    assertThat(used).doesNotContain(0);
  }

  /** Rows (1 2 3), (4 5 6), (7 8 9) of one channel, ten times as much in the other; 2×2 bins. */
  @Test
  void overTwoAxesAndChannels() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x =
          rig.constant(
              Shape.of(1, 3, 3, 2), 1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60, 7, 70, 8, 80, 9, 90);
      Operand<TFloat32> y = rig.layers.adaptiveAverage(x, 2);
      assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 2, 2));
      assertThat(rig.run(y))
          .containsExactly(new float[] {3, 30, 4, 40, 6, 60, 7, 70}, within(1e-5f));
    }
  }

  @Test
  void nothingIsLaidWhereTheSizeIsRight() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x = rig.constant(Shape.of(1, 2, 2, 1), 1, 2, 3, 4);
      assertThat(rig.layers.adaptiveAverage(x, 2)).isSameAs(x);
    }
  }
}
