package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.GroupOccupancy.Tally;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class GroupOccupancyTest {
  /** Eight input channels of one filter: 1, 1, 0, 1 and 0, 0, 0, 0. */
  @Test
  void byHand() {
    Shape shape = Shape.of(1, 1, 8, 1);
    Mask mask = Mask.of(shape, new boolean[] {true, true, false, true, false, false, false, false});
    HostTensor weights = new HostTensor(shape, new float[] {-3, 1, 9, 2, 9, 9, 9, 9});
    GroupOccupancy found =
        GroupOccupancy.of(new Masks(Map.of("k", mask)), Map.of("k", weights), 2, 4);
    Tally k = found.kernels().get("k");
    assertThat(k.groups()).containsExactly(1L, 0L, 0L, 1L, 0L);
    assertThat(k.live()).isEqualTo(3);
    assertThat(k.excess()).isEqualTo(1);
    assertThat(k.unused()).isEqualTo(2);
    assertThat(k.mass()).isEqualTo(6);
    assertThat(k.lostMass()).isEqualTo(1);
    assertThat(k.lostShare()).isEqualTo(1 / 6.);
    assertThat(found.total()).isEqualTo(k);
    // d = 3/8
    double d = 3 / 8.;
    assertThat(k.expected().get(0)).isCloseTo(2 * Math.pow(1 - d, 4), within(1e-12));
    assertThat(k.expected().get(1)).isCloseTo(2 * 4 * d * Math.pow(1 - d, 3), within(1e-12));
    assertThat(k.expected().get(2)).isCloseTo(2 * 6 * d * d * (1 - d) * (1 - d), within(1e-12));
  }

  @Test
  void binomialSharesAddUp() {
    for (int m : new int[] {1, 4, 16, 1000}) {
      for (double d : new double[] {0, 0.1, 0.5, 0.999, 1}) {
        List<Double> shares = GroupOccupancy.binomial(m, d);
        assertThat(shares.stream().mapToDouble(s -> s).sum()).isCloseTo(1, within(1e-9));
        double mean = 0;
        for (int j = 0; j <= m; j++) {
          mean += j * shares.get(j);
        }
        assertThat(mean).isCloseTo(m * d, within(1e-6));
      }
    }
  }

  private static Mask random(Shape shape, double density, Random random) {
    boolean[] kept = new boolean[Math.toIntExact(shape.size())];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = random.nextDouble() < density;
    }
    return Mask.of(shape, kept);
  }

  @Test
  void randomMasksAreAsChanceHasIt() {
    Random random = new Random(3);
    Map<String, Mask> masks = new LinkedHashMap<>();
    masks.put("a", random(Shape.of(3, 3, 64, 64), 0.1, random));
    masks.put("b", random(Shape.of(1, 1, 128, 100), 0.6, random));
    GroupOccupancy found = GroupOccupancy.of(new Masks(masks), Map.of(), 2, 4);
    for (Tally tally : found.kernels().values()) {
      for (int j = 0; j <= 4; j++) {
        double expected = tally.expected().get(j);
        // five standard deviations
        assertThat((double) tally.groups().get(j))
            .isCloseTo(expected, within(5 * Math.sqrt(expected) + 1));
      }
      assertThat(tally.mass()).isNaN();
    }
    assertThat(found.total().wholeGroups()).isEqualTo(9 * 16 * 64 + 32 * 100);
  }

  /** Whole channels that are gone leave empty groups and full ones, which chance would not. */
  @Test
  void clustersAreFarFromChance() {
    Shape shape = Shape.of(3, 3, 64, 64);
    boolean[] kept = new boolean[Math.toIntExact(shape.size())];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = i / 64 % 64 < 32;
    }
    Tally found =
        GroupOccupancy.of(new Masks(Map.of("k", Mask.of(shape, kept))), Map.of(), 2, 4).total();
    assertThat(found.groups().get(0)).isEqualTo(found.wholeGroups() / 2);
    assertThat(found.groups().get(0)).isGreaterThan((long) (7 * found.expected().get(0)));
    assertThat(found.excess()).isEqualTo(found.live() / 2).isEqualTo(found.unused());
  }

  /** Lost mass ≤ (1 − N/M) of all, group-wise and so in all; a projected kernel loses nothing. */
  @Test
  void theLostMassIsBounded() {
    Random random = new Random(7);
    int[][] patterns = {{1, 2}, {2, 4}, {1, 4}, {4, 4}, {2, 8}};
    for (int round = 0; round < 40; round++) {
      int[] nm = patterns[round % patterns.length];
      // whole groups only: a short one may lose less
      Shape shape = Shape.of(3, 3, 8, 5);
      float[] values = new float[360];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      HostTensor weights = new HostTensor(shape, values);
      Mask mask = random(shape, 0.2 + 0.8 * random.nextDouble(), random);
      Masks masks = new Masks(Map.of("k", mask));
      Tally before = GroupOccupancy.of(masks, Map.of("k", weights), nm[0], nm[1]).total();
      double bound = 1 - (double) nm[0] / nm[1];
      assertThat(before.lostMass()).isLessThanOrEqualTo(bound * before.mass() + 1e-9);

      Parameter kernel = new Parameter("k", Role.CONVOLUTION_KERNEL, shape);
      float[] scores = new float[values.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = mask.kept(i) ? Math.abs(values[i]) : -1;
      }
      Mask projected = new NmPattern(nm[0], nm[1]).units(kernel).mask(scores, 0).and(mask);
      Tally after =
          GroupOccupancy.of(new Masks(Map.of("k", projected)), Map.of("k", weights), nm[0], nm[1])
              .total();
      assertThat(after.lostMass()).isZero();
      assertThat(after.excess()).isZero();
      assertThat(before.mass() - before.lostMass()).isCloseTo(after.mass(), within(1e-9));
      assertThat(before.live() - before.excess()).isEqualTo(after.live());
      assertThat(after.live() + after.unused()).isEqualTo(360L * nm[0] / nm[1]);
    }
  }

  @Test
  void depthwiseKernelsHaveNoGroups() {
    Map<String, Mask> masks = new LinkedHashMap<>();
    masks.put("depthwise", Mask.full(Shape.of(3, 3, 16, 1)));
    masks.put("dense", Mask.full(Shape.of(6, 3)));
    GroupOccupancy found = GroupOccupancy.of(new Masks(masks), Map.of(), 2, 4);
    assertThat(found.kernels()).containsOnlyKeys("dense");
    // the last two channels make no whole group: three groups of four, and nothing to prune in two
    assertThat(found.total().wholeGroups()).isEqualTo(3);
    assertThat(found.total().excess()).isEqualTo(6);
  }

  @Test
  void weightsOfAnotherShape() {
    Masks masks = new Masks(Map.of("k", Mask.full(Shape.of(6, 3))));
    Map<String, HostTensor> weights = Map.of("k", HostTensor.filled(Shape.of(3, 6), 1));
    assertThatThrownBy(() -> GroupOccupancy.of(masks, weights, 2, 4))
        .isInstanceOf(JackpotException.class)
        .hasMessage("kernel k: found weights of shape [3, 6]; expected the mask's [6, 3]");
  }
}
