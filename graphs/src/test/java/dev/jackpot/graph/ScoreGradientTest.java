package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Property 4 and the one-swap theorem (9) of ../shared/papers/lottery-jackpots.md, section 8, in
 * float64.
 */
class ScoreGradientTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void scoreGradientIsTheEffectiveKernelsGradientTimesTheWeightEverywhere(long seed) {
    try (Float64Search net = new Float64Search(seed)) {
      assertThat(net.kernels).hasSize(2);
      for (Parameter kernel : net.kernels) {
        double[] scores = net.scoreGradient(kernel);
        double[] effective = net.effectiveGradient(kernel);
        float[] weights = net.value(kernel.name());
        float[] mask = net.value(kernel.mask());
        int pruned = 0;
        for (int i = 0; i < scores.length; i++) {
          assertThat(scores[i]).isEqualTo(effective[i] * weights[i]);
          pruned += mask[i] == 0 && scores[i] != 0 ? 1 : 0;
        }
        assertThat(pruned).as("pruned weights with a gradient").isGreaterThan(kernel.size() / 3);
      }
    }
  }

  @Test
  void scoreGradientIsTheFiniteDifferenceOfARelaxedMask() {
    try (Float64Search net = new Float64Search(7)) {
      for (Parameter kernel : net.kernels) {
        double[] scores = net.scoreGradient(kernel);
        float[] mask = net.value(kernel.mask());
        for (int i = 0; i < mask.length; i += 5) {
          float before = mask[i];
          float up = before + 1e-3f;
          float down = before - 1e-3f;
          mask[i] = up;
          net.put(kernel.mask());
          double above = net.loss();
          mask[i] = down;
          net.put(kernel.mask());
          double below = net.loss();
          mask[i] = before;
          net.put(kernel.mask());
          double difference = (above - below) / ((double) up - down);
          assertThat(scores[i]).isCloseTo(difference, within(1e-6));
        }
      }
    }
  }

  @Test
  void theMaskedValueIsExactWhateverTheScoresAre() {
    try (Float64Search net = new Float64Search(3)) {
      double loss = net.loss();
      for (Parameter kernel : net.kernels) {
        float[] scores = net.value(kernel.score());
        for (int i = 0; i < scores.length; i++) {
          scores[i] = scores[i] * 1e6f + 0.1f;
        }
        net.put(kernel.score());
      }
      assertThat(net.loss()).isEqualTo(loss);
    }
  }

  @Test
  void oneSwapOfTheBestPairLowersTheLossToFirstOrder() {
    try (Float64Search net = new Float64Search(11)) {
      for (Parameter kernel : net.kernels) {
        double[] gradient = net.scoreGradient(kernel);
        float[] mask = net.value(kernel.mask());
        // after one step s ← s − η ∂L/∂s from equal scores, the pair with the largest margin
        int revived = extreme(gradient, mask, 0);
        int removed = extreme(gradient, mask, 1);
        double predicted = gradient[revived] - gradient[removed];
        assertThat(predicted).isNegative();
        double before = net.loss();
        double previousError = Double.MAX_VALUE;
        for (float share : new float[] {0.1f, 0.01f, 0.001f}) {
          mask[revived] = share;
          mask[removed] = 1 - share;
          net.put(kernel.mask());
          double change = net.loss() - before;
          double moved = 1.0 - (1 - share);
          double expected = gradient[revived] * share - gradient[removed] * moved;
          double error = Math.abs(change / expected - 1);
          assertThat(change).as("share %s of the swap", share).isNegative();
          assertThat(error).isLessThan(previousError);
          previousError = error;
        }
        assertThat(previousError).isLessThan(0.01);
        mask[revived] = 0;
        mask[removed] = 1;
        net.put(kernel.mask());
      }
    }
  }

  /** The pruned weight with the lowest gradient, or the kept one with the highest. */
  private static int extreme(double[] gradient, float[] mask, int side) {
    int best = -1;
    for (int i = 0; i < gradient.length; i++) {
      boolean better =
          best < 0 || (side == 0 ? gradient[i] < gradient[best] : gradient[i] > gradient[best]);
      if (mask[i] == side && better) {
        best = i;
      }
    }
    return best;
  }
}
