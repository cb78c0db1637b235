package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.Network.Padding;
import dev.jackpot.graph.Conventions.Pooling;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** Layers against numbers worked out by hand. */
class LayersTest {
  private static final Shape VECTOR = Shape.of(1, 7);
  private static final double[] AROUND_THE_BENDS = {-4, -3, -1.5, 0, 1.5, 3, 7};

  private static void assertClose(float[] found, double... expected) {
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) found[i]).as("value %d", i).isCloseTo(expected[i], within(1e-6));
    }
  }

  /** 0 up to −3, x from 3 on, x(x + 3)/6 in between. */
  @Test
  void hardSwish() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x = rig.constant(VECTOR, AROUND_THE_BENDS);
      Operand<TFloat32> y = rig.layers.hardSwish(x);
      assertClose(rig.run(y), 0, 0, -.375, 0, 1.125, 3, 7);
      // (2x + 3)/6 in between
      float[] slopes = rig.run(rig.gradient(y, x));
      assertThat(slopes[0]).isZero();
      assertThat(slopes[2]).isZero();
      assertThat(slopes[3]).isEqualTo(.5f, within(1e-6f));
      assertThat(slopes[4]).isEqualTo(1, within(1e-6f));
      assertThat(slopes[6]).isEqualTo(1, within(1e-6f));
    }
  }

  @Test
  void hardSigmoidAndRelu6() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x = rig.constant(VECTOR, AROUND_THE_BENDS);
      assertClose(rig.run(rig.layers.hardSigmoid(x)), 0, 0, .25, .5, .75, 1, 1);
      assertClose(rig.run(rig.layers.relu6(x)), 0, 0, 0, 0, 1.5, 3, 6);
    }
  }

  /**
   * Means (2, −1) reduce to relu(2·1 − 1·2 + 0.5) = 0.5 and relu(−3 + 0) = 0; they expand to 0.5·3
   * = 1.5 and 0.5·(−12) = −6: gates (1.5 + 3)/6 = 0.75 and 0.
   */
  @Test
  void squeezeExcite() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x = rig.constant(Shape.of(1, 1, 2, 2), 1, -4, 3, 2);
      Operand<TFloat32> y = rig.layers.squeezeExcite("se", x, 2);
      assertClose(
          rig.run(
              y,
              Map.of(
                  "se/reduce/kernel", new float[] {1, -1, 2, 1},
                  "se/reduce/bias", new float[] {.5f, 0},
                  "se/expand/kernel", new float[] {3, -12, 100, 100},
                  "se/expand/bias", new float[] {0, 0})),
          .75,
          0,
          2.25,
          0);
    }
  }

  @Test
  void anotherSlopeOfTheGate() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x = rig.constant(Shape.of(1, 1, 1, 1), 2);
      assertClose(
          rig.run(
              rig.layers.squeezeExcite("se", x, 1, .16),
              Map.of(
                  "se/reduce/kernel", new float[] {0},
                  "se/reduce/bias", new float[] {0},
                  "se/expand/kernel", new float[] {0},
                  "se/expand/bias", new float[] {1})),
          2 * 4 * .16);
    }
  }

  /** Two channels, each with a kernel of its own that picks a corner; zeros outside the image. */
  @Test
  void depthwise() {
    float[] kernel = new float[18];
    kernel[0] = 1; // channel 0: the pixel up and left
    kernel[2 * 8 + 1] = 10; // channel 1: the pixel down and right
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x = rig.constant(Shape.of(1, 2, 2, 2), 1, 5, 2, 6, 3, 7, 4, 8);
      Operand<TFloat32> y = rig.layers.depthwise("dw", x, 3, 1);
      assertClose(rig.run(y, Map.of("dw/kernel", kernel)), 0, 80, 0, 0, 0, 0, 1, 0);
    }
  }

  /**
   * Two equal rows of four pixels under a kernel (1, 10, 100) at stride 2: symmetric padding
   * centres it on pixels 0 and 2, SAME (one pixel at the end only) on 1 and 3.
   */
  @Test
  void stridedDepthwisePadsByTheConvention() {
    float[] kernel = {0, 0, 0, 1, 10, 100, 0, 0, 0};
    double[] rows = {1, 2, 3, 4, 1, 2, 3, 4};
    Conventions same = Conventions.PYTORCH.padded(Padding.SAME, Pooling.SAME);
    try (LayerRig symmetric = new LayerRig();
        LayerRig tensorFlow = new LayerRig(same, Phase.INFERENCE)) {
      for (LayerRig rig : new LayerRig[] {symmetric, tensorFlow}) {
        Operand<TFloat32> x = rig.constant(Shape.of(1, 2, 4, 1), rows);
        Operand<TFloat32> y = rig.layers.depthwise("dw", x, 3, 2);
        float[] found = rig.run(y, Map.of("dw/kernel", kernel));
        if (rig == symmetric) {
          assertClose(found, 210, 432);
        } else {
          assertClose(found, 321, 43);
        }
      }
    }
  }

  /** 3×3 at stride 2 over negative values: what lies outside decides. */
  @Test
  void maxPoolingPadsByTheConvention() {
    double[] values = new double[16];
    for (int i = 0; i < 16; i++) {
      values[i] = i - 20;
    }
    Map<Pooling, double[]> expected =
        Map.of(
            // windows end at rows and columns 1 and 3
            Pooling.SYMMETRIC, new double[] {-15, -13, -7, -5},
            // only the last window touches no zero
            Pooling.ZEROS, new double[] {0, 0, 0, -5},
            // windows end at 2 and 3
            Pooling.SAME, new double[] {-10, -9, -6, -5});
    expected.forEach(
        (pooling, maxima) -> {
          Conventions conventions = Conventions.PYTORCH.padded(Padding.SYMMETRIC, pooling);
          try (LayerRig rig = new LayerRig(conventions, Phase.INFERENCE)) {
            Operand<TFloat32> x = rig.constant(Shape.of(1, 4, 4, 1), values);
            assertClose(rig.run(rig.layers.maxPool(x, 3, 2)), maxima);
          }
        });
  }

  @Test
  void aTwoByTwoMaxPoolIsNotPadded() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x =
          rig.constant(Shape.of(1, 2, 5, 1), -9, -8, -7, -6, -1, -5, -4, -3, -2, -1);
      assertClose(rig.run(rig.layers.maxPool(x, 2, 2)), -4, -2);
    }
  }

  @Test
  void denseAndFlatten() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x = rig.layers.flatten(rig.constant(Shape.of(2, 1, 1, 2), 1, 2, 3, 4));
      assertClose(
          rig.run(
              rig.layers.dense("fc", x, 2),
              Map.of("fc/kernel", new float[] {1, 10, 100, 0}, "fc/bias", new float[] {0, .5f})),
          201,
          10.5,
          403,
          30.5);
    }
  }
}
