package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.JackpotException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class OverlapTest {
  @Test
  void countsByHand() {
    // a: {0, 1} and {0, 3}; b: {1, 2} and {0, 1, 3} of 4 each.
    Overlap overlap = Overlap.of(masks(0b0011, 0b1001), masks(0b0110, 0b1011));
    assertThat(overlap.kernels()).containsOnlyKeys("a", "b");
    Overlap.Agreement a = overlap.kernels().get("a");
    assertThat(a.common()).isEqualTo(1);
    assertThat(a.share()).isEqualTo(0.5);
    assertThat(a.jaccard()).isEqualTo(1.0 / 3);
    assertThat(a.chance()).isEqualTo(0.5);
    // Two of four drawn, two of four marked: P(0, 1, 2) = 1/6, 4/6, 1/6.
    assertThat(a.variance()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(overlap.kernels().get("b").chance()).isEqualTo(0.75);
    assertThat(overlap.total().common()).isEqualTo(3);
    assertThat(overlap.total().share()).isEqualTo(0.75);
    assertThat(overlap.total().jaccard()).isEqualTo(0.5);
    assertThat(overlap.total().chance()).isEqualTo(2.5 / 4);
  }

  @Test
  void ofAMaskWithItselfIsOne() {
    Masks masks = masks(0b0011, 0b1111);
    assertThat(Overlap.of(masks, masks).total().share()).isEqualTo(1);
    assertThat(Overlap.of(masks, masks).total().jaccard()).isEqualTo(1);
    assertThat(Overlap.of(masks(0, 0), masks(0, 0)).total().share()).isEqualTo(1);
  }

  @Test
  void withEqualCountsJaccardFollowsFromTheShare() {
    Random random = new Random(4);
    for (int trial = 0; trial < 20; trial++) {
      int n = 10 + random.nextInt(100);
      int k = 1 + random.nextInt(n);
      Overlap.Agreement total = Overlap.of(random(random, n, k), random(random, n, k)).total();
      assertThat(total.jaccard()).isCloseTo(total.share() / (2 - total.share()), within(1e-12));
    }
  }

  @Test
  void randomMasksOverlapByChance() {
    Random random = new Random(5);
    double sum = 0;
    double squares = 0;
    int trials = 4000;
    Overlap.Agreement last = null;
    for (int trial = 0; trial < trials; trial++) {
      last = Overlap.of(random(random, 60, 12), random(random, 60, 20)).total();
      double deviation = last.common() - last.expected();
      sum += deviation;
      squares += deviation * deviation;
    }
    assertThat(last.expected()).isEqualTo(4);
    assertThat(sum / trials).isCloseTo(0, within(4 * Math.sqrt(last.variance() / trials)));
    assertThat(squares / trials).isCloseTo(last.variance(), within(0.1 * last.variance()));
  }

  @Test
  void refusesMasksOfOtherKernels() {
    Masks one = new Masks(Map.of("a", Mask.full(Shape.of(4))));
    assertThatThrownBy(() -> Overlap.of(masks(1, 1), one))
        .isInstanceOf(JackpotException.class)
        .hasMessage("A and B are masks of different kernels and cannot be compared: only A has b");
  }

  @Test
  void saysWhichOfThemHasWhichKernels() {
    Mask four = Mask.full(Shape.of(4));
    Map<String, Mask> many = new LinkedHashMap<>();
    for (int i = 0; i < 6; i++) {
      many.put("k" + i, four);
    }
    many.put("c", four);
    Masks other = MaskTest.masks("c", Mask.full(Shape.of(2, 2)), "d", four);
    assertThatThrownBy(() -> Overlap.of("one.masks", new Masks(many), "two", other))
        .isInstanceOf(JackpotException.class)
        .hasMessage(
            "one.masks and two are masks of different kernels and cannot be compared: only"
                + " one.masks has k0, k1, k2, k3 and 2 more; only two has d; of different shape"
                + " are c [4] and [2, 2]");
  }

  private static Masks random(Random random, int n, int kept) {
    return new Masks(Map.of("a", MaskSelection.topK(Draw.scores(random, n, 0), kept)));
  }

  private static Masks masks(int a, int b) {
    return MaskTest.masks(
        "a",
        Mask.ofBytes(Shape.of(4), new byte[] {(byte) a}),
        "b",
        Mask.ofBytes(Shape.of(4), new byte[] {(byte) b}));
  }
}
