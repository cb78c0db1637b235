package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

class DropoutTest {
  private static final int COUNT = 10_000;

  private static Operand<TFloat32> ones(LayerRig rig) {
    double[] ones = new double[COUNT];
    java.util.Arrays.fill(ones, 1);
    return rig.constant(Shape.of(100, COUNT / 100), ones);
  }

  private static LayerRig training() {
    return new LayerRig(Conventions.PYTORCH, Phase.TRAINING);
  }

  /** Five standard deviations of a binomial: at most 250 of 10,000. */
  @ParameterizedTest
  @ValueSource(doubles = {.001, .2, .5, .9})
  void theShareIsDroppedAndTheRestScaled(double rate) {
    try (LayerRig rig = training()) {
      float[] found = rig.run(rig.layers.dropout(ones(rig), rate));
      int dropped = 0;
      for (float value : found) {
        dropped += value == 0 ? 1 : 0;
        assertThat(value).isIn(0f, (float) (1 / (1 - rate)));
      }
      double deviation = Math.sqrt(rate * (1 - rate) * COUNT);
      assertThat((double) dropped).isCloseTo(rate * COUNT, within(5 * deviation));
    }
  }

  @Test
  void aStepDropsTheSameAgainAndAnotherStepOthers() {
    try (LayerRig rig = training()) {
      Operand<TFloat32> y = rig.layers.dropout(ones(rig), .5);
      float[] first = rig.run(y, Map.of(), 1);
      assertThat(rig.run(y, Map.of(), 1)).isEqualTo(first);
      assertThat(agreement(first, rig.run(y, Map.of(), 2))).isBetween(.45, .55);
    }
  }

  @Test
  void twoDropoutsOfAStepDropOthers() {
    try (LayerRig rig = training()) {
      float[] one = rig.run(rig.layers.dropout(ones(rig), .5), Map.of(), 1);
      float[] other = rig.run(rig.layers.dropout(ones(rig), .5), Map.of(), 1);
      assertThat(agreement(one, other)).isBetween(.45, .55);
    }
  }

  @Test
  void gradientsPassWhereValuesDo() {
    try (LayerRig rig = training()) {
      Operand<TFloat32> x = ones(rig);
      Operand<TFloat32> y = rig.layers.dropout(x, .5);
      assertThat(rig.run(rig.gradient(y, x), Map.of(), 3)).isEqualTo(rig.run(y, Map.of(), 3));
    }
  }

  @Test
  void inferenceAndRateZeroLayNothing() {
    try (LayerRig inference = new LayerRig();
        LayerRig training = training()) {
      Operand<TFloat32> x = ones(inference);
      assertThat(inference.layers.dropout(x, .5)).isSameAs(x);
      Operand<TFloat32> y = ones(training);
      assertThat(training.layers.dropout(y, 0)).isSameAs(y);
    }
  }

  private static double agreement(float[] one, float[] other) {
    int same = 0;
    for (int i = 0; i < one.length; i++) {
      same += one[i] == other[i] ? 1 : 0;
    }
    return same / (double) one.length;
  }
}
