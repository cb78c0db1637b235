package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

/** The bisection of free pruning, on losses that are known for every threshold. */
class FreeThresholdTest {
  private static Parameter kernel(String name, int size) {
    return new Parameter(name, Role.DENSE_KERNEL, Shape.of(size, 1));
  }

  private static FreeThreshold find(
      double delta, FreeThreshold.Losses losses, Map<String, Mask> masks, float[]... kernels) {
    List<Parameter> parameters = new java.util.ArrayList<>();
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    for (int k = 0; k < kernels.length; k++) {
      Parameter parameter = kernel("k" + k, kernels[k].length);
      parameters.add(parameter);
      weights.put(parameter.name(), new HostTensor(parameter.shape(), kernels[k]));
    }
    return FreeThreshold.find(parameters, weights, masks, delta, losses);
  }

  private static double sum(float threshold, float... weights) {
    double sum = 0;
    for (float w : weights) {
      sum += Math.abs(w) < threshold ? Math.abs(w) : 0;
    }
    return sum;
  }

  @Test
  void byHand() {
    float[] a = {1, -2, 4};
    float[] b = {-8, 2, 0.5f};
    // removing what lies below 4 costs 0.5 + 1 + 2 + 2 = 5.5, below 8 it costs 9.5
    FreeThreshold found = find(5.5, t -> 10 + sum(t, a) + sum(t, b), Map.of(), a, b);
    assertThat(found.threshold()).isEqualTo(4);
    assertThat(found.removed()).isEqualTo(4);
    assertThat(found.live()).isEqualTo(6);
    assertThat(found.share()).isEqualTo(4 / 6.);
    assertThat(found.loss()).isEqualTo(10);
    assertThat(found.lossAfter()).isEqualTo(15.5);
    assertThat(found.lossBeyond()).isEqualTo(19.5);
  }

  @Test
  void prunedWeightsDoNotCount() {
    float[] a = {1, -2, 4};
    Mask mask = Mask.of(Shape.of(3, 1), new boolean[] {false, true, true});
    FreeThreshold found = find(2, t -> t > 2 ? 2 : 0, Map.of("k0", mask), a);
    assertThat(found.live()).isEqualTo(2);
    assertThat(found.threshold()).isEqualTo(Float.POSITIVE_INFINITY);
    FreeThreshold less = find(2, t -> t > 4 ? 3 : t > 2 ? 2 : 0, Map.of("k0", mask), a);
    assertThat(less.threshold()).isEqualTo(4);
    assertThat(less.removed()).isEqualTo(1);
  }

  @Test
  void ends() {
    float[] a = {3, 1, 2};
    FreeThreshold none = find(0, t -> t > 1 ? 1 : 0, Map.of(), a);
    assertThat(none.threshold()).isEqualTo(1);
    assertThat(none.removed()).isZero();
    FreeThreshold all = find(0, t -> 7, Map.of(), a);
    assertThat(all.removed()).isEqualTo(3);
    assertThat(all.share()).isEqualTo(1);
    assertThat(all.probes()).isEqualTo(2);
    Mask empty = Mask.of(Shape.of(3, 1), new boolean[3]);
    assertThat(find(0, t -> t, Map.of("k0", empty), a).share()).isZero();
  }

  /** What has become exactly 0 and is live goes first, and for nothing. */
  @Test
  void zeros() {
    FreeThreshold found = find(0.1, t -> t > 1 ? 1 : 0, Map.of(), new float[] {0, -0f, 1, 2});
    assertThat(found.threshold()).isEqualTo(1);
    assertThat(found.removed()).isEqualTo(2);
  }

  @Test
  void aLossThatIsNotANumberIsTooHigh() {
    FreeThreshold found = find(1, t -> t > 2 ? Double.NaN : 0, Map.of(), new float[] {1, 2, 3});
    assertThat(found.threshold()).isEqualTo(2);
    assertThat(found.lossBeyond()).isNaN();
  }

  /**
   * Whatever the losses are like: both ends were computed, the lower costs at most δ, the next
   * candidate more, and there are no more probes than halvings.
   */
  @Test
  void bracketsOfAnyLoss() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      float[] weights = new float[1 + random.nextInt(60)];
      TreeSet<Float> distinct = new TreeSet<>();
      for (int i = 0; i < weights.length; i++) {
        // few values, so that some come often
        weights[i] = (1 + random.nextInt(20)) * (random.nextBoolean() ? 1 : -1);
        distinct.add(Math.abs(weights[i]));
      }
      Map<Float, Double> losses = new HashMap<>();
      losses.put(0f, random.nextDouble());
      distinct.forEach(m -> losses.put(m, random.nextDouble()));
      losses.put(distinct.first(), losses.get(0f));
      losses.put(Float.POSITIVE_INFINITY, random.nextDouble());
      Map<Float, Double> asked = new HashMap<>();
      double delta = random.nextDouble() / 2;
      FreeThreshold found =
          find(
              delta,
              t -> {
                asked.put(t, losses.get(t));
                return losses.get(t);
              },
              Map.of(),
              weights);
      int halvings = 32 - Integer.numberOfLeadingZeros(distinct.size());
      assertThat(found.probes()).isLessThanOrEqualTo(2 + halvings).isEqualTo(asked.size());
      assertThat(found.lossAfter() - losses.get(0f)).isLessThanOrEqualTo(delta);
      assertThat(found.lossAfter()).isEqualTo(losses.get(found.threshold()));
      long below = 0;
      for (float w : weights) {
        below += Math.abs(w) < found.threshold() ? 1 : 0;
      }
      assertThat(found.removed()).isEqualTo(below);
      if (found.threshold() < Float.POSITIVE_INFINITY) {
        Float next = distinct.higher(found.threshold());
        float beyond = next == null ? Float.POSITIVE_INFINITY : next;
        assertThat(asked).containsKey(beyond);
        assertThat(found.lossBeyond()).isEqualTo(losses.get(beyond));
        assertThat(found.lossBeyond() - losses.get(0f)).isGreaterThan(delta);
      }
    }
  }

  @Test
  void errors() {
    assertThatThrownBy(() -> find(0, t -> 0, Map.of(), new float[] {1, Float.NaN}))
        .isInstanceOf(JackpotException.class)
        .hasMessage("free pruning: kernel k0: weight 1 of 2 is NaN; expected a finite number");
    assertThatThrownBy(() -> find(0, t -> Double.NaN, Map.of(), new float[] {1}))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("the loss of the network as it is, is NaN");
  }
}
