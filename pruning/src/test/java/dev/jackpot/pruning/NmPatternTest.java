package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.Criterion.Reduction;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NmPatternTest {
  /** [5, 2]: a column per output; 2:4 takes channels 0–3 and the rest, 4. */
  @Test
  void byHand() {
    Parameter dense = Kernels.of("k", Role.DENSE_KERNEL, 5, 2);
    float[] scores = {
      1, 9, //
      4, 9, //
      3, 1, //
      2, 2, //
      0, 0
    };
    boolean[] expected = {
      false, true, //
      true, true, //
      true, false, //
      false, false, //
      true, true
    };
    Units units = new NmPattern(2, 4).units(dense);
    assertThat(units.fixed()).hasValue(6);
    assertThat(units.mask(scores, 6).toBooleans()).isEqualTo(expected);
  }

  @Test
  void equalScoresKeepTheLowerChannels() {
    Parameter dense = Kernels.of("k", Role.DENSE_KERNEL, 4, 1);
    assertThat(new NmPattern(1, 4).units(dense).mask(new float[4], 1).toBooleans())
        .containsExactly(true, false, false, false);
    assertThat(new NmPattern(2, 4).units(dense).mask(new float[] {0, -0f, 0, 1}, 2).toBooleans())
        .containsExactly(true, false, false, true);
  }

  /** Exactly min(N, r) of the r channels of every group, and the best of them. */
  @Test
  void everyGroupIsExact() {
    Random random = new Random(1);
    for (int trial = 0; trial < 300; trial++) {
      Parameter kernel = Kernels.draw(random, "k");
      int m = 1 + random.nextInt(8);
      int n = 1 + random.nextInt(m);
      float[] scores = Draw.scores(random, kernel.size(), trial);
      Units units = new NmPattern(n, m).units(kernel);
      assertThat(units.scores(scores, Reduction.MEAN)).isSameAs(scores);
      Mask mask = units.mask(scores, units.fixed().orElseThrow());
      assertThat(mask.shape()).isEqualTo(kernel.shape());
      assertThat(mask.kept()).as("%s %d:%d", kernel, n, m).isEqualTo(units.fixed().orElseThrow());
      if (kernel.role() == Role.DEPTHWISE_KERNEL) {
        assertThat(mask).isEqualTo(Mask.full(kernel.shape()));
      } else {
        checkGroups(kernel, scores, mask, n, m);
      }
    }
  }

  private static void checkGroups(Parameter kernel, float[] scores, Mask mask, int n, int m) {
    long[] shape = kernel.shape().asArray();
    int in = (int) shape[shape.length - 2];
    int out = (int) shape[shape.length - 1];
    int taps = kernel.size() / in / out;
    for (int tap = 0; tap < taps; tap++) {
      for (int o = 0; o < out; o++) {
        for (int from = 0; from < in; from += m) {
          int size = Math.min(m, in - from);
          int kept = 0;
          float worstKept = Float.POSITIVE_INFINITY;
          float bestPruned = Float.NEGATIVE_INFINITY;
          for (int i = from; i < from + size; i++) {
            int index = (tap * in + i) * out + o;
            if (mask.kept(index)) {
              kept++;
              worstKept = Math.min(worstKept, scores[index]);
            } else {
              bestPruned = Math.max(bestPruned, scores[index]);
            }
          }
          assertThat(kept).as("%s %d:%d", kernel, n, m).isEqualTo(Math.min(n, size));
          assertThat(bestPruned).isLessThanOrEqualTo(worstKept);
        }
      }
    }
  }
}
