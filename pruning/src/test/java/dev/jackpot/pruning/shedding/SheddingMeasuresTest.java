package dev.jackpot.pruning.shedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.Counts;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.Overlap;
import dev.jackpot.pruning.Survivors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class SheddingMeasuresTest {
  private static final Levels LEVELS = new Levels(List.of(0.5, 0.1), List.of(0.5, 0.75));

  /** [in, out] = [2, 2]: filter 0 is {3, 0.1}, filter 1 is {4, 0}. */
  private static final Parameter DENSE =
      new Parameter("dense/kernel", Role.DENSE_KERNEL, Shape.of(2, 2));

  private static WatchedKernel bare(Parameter kernel, Mask live, float... weights) {
    return WatchedKernel.bare(kernel, weights, live);
  }

  private static Mask live(int... flags) {
    boolean[] kept = new boolean[flags.length];
    for (int i = 0; i < flags.length; i++) {
      kept[i] = flags[i] == 1;
    }
    return Mask.of(DENSE.shape(), kept);
  }

  @Test
  void byHand() {
    Mask live = live(1, 1, 1, 0);
    WatchedKernel dense = bare(DENSE, Mask.full(DENSE.shape()), 3, -4, 0.1f, 7);
    Reference reference = Reference.of(List.of(dense), Map.of("dense/kernel", live), LEVELS);
    Reference.Layer layer = reference.layers().get(0);
    // the pruned 7 does not count
    assertThat(layer.rms()).isCloseTo(Math.sqrt((9 + 16 + 0.01) / 3), within(1e-6));
    assertThat(layer.filters().get(0)).isCloseTo(Math.sqrt(9.01 / 2), within(1e-6));
    assertThat(layer.filters().get(1)).isEqualTo(4);
    // of all four weights two lie below 4, three below 7
    assertThat(reference.thresholds()).containsExactly(4., 7.);
    WatchedKernel now = bare(DENSE, live, 0.2f, 1.2f, -1.1f, 0);
    ShedCounts counts = ShedCounts.of(now, reference, layer, LEVELS);
    assertThat(counts.live()).isEqualTo(3);
    // 0.5 · 2.89 = 1.44; 0.1 · 2.89 = 0.289
    assertThat(counts.relative()).containsExactly(3L, 1L);
    // 0.5 · {2.12, 4} = {1.06, 2}; 0.1 · {2.12, 4} = {0.212, 0.4}
    assertThat(counts.byFilter()).containsExactly(2L, 1L);
    assertThat(counts.global()).containsExactly(3L, 3L);
    assertThat(counts.share(counts.relative().get(1))).isEqualTo(1. / 3);
    assertThat(counts.plus(counts).relative()).containsExactly(6L, 2L);
  }

  /** A filter that is divided by four before a norm whose σ is so, too, is what it was. */
  @Test
  void foldedMagnitudesDoNotSeeAScaleThatTheNormTakesBack() {
    Parameter conv = new Parameter("conv/kernel", Role.CONVOLUTION_KERNEL, Shape.of(1, 1, 2, 2));
    Mask live = Mask.full(conv.shape());
    WatchedKernel dense =
        WatchedKernel.normed(
            conv, new float[] {1, 2, 3, 4}, live, new float[] {1, -2}, new float[] {4, 1}, 0);
    assertThat(dense.scales()).containsExactly(0.5, 2);
    assertThat(dense.foldedMagnitudes()).containsExactly(0.5f, 4, 1.5f, 8);
    Reference reference = Reference.of(List.of(dense), Map.of(), LEVELS);
    WatchedKernel smaller =
        WatchedKernel.normed(
            conv,
            new float[] {0.25f, 2, 0.75f, 4},
            live,
            new float[] {1, -2},
            new float[] {0.25f, 1},
            0);
    ShedCounts before = ShedCounts.of(dense, reference, reference.layers().get(0), LEVELS);
    ShedCounts after = ShedCounts.of(smaller, reference, reference.layers().get(0), LEVELS);
    assertThat(after.folded()).isEqualTo(before.folded());
    assertThat(after.foldedGlobal()).isEqualTo(before.foldedGlobal());
    assertThat(after.relative()).isNotEqualTo(before.relative());
  }

  /** S_gmp(0; q) = (q − p) / (1 − p) after global magnitude pruning; random pruning: near q. */
  @ParameterizedTest
  @CsvSource({"0, 0.8", "0.2, 0.8", "0.5, 0.8", "0.8, 0.8", "0.3, 0.31"})
  void globalMagnitudePruningLeavesTheShareThatTheThresholdSays(double p, double q) {
    Random random = new Random(5);
    List<WatchedKernel> dense = network(random);
    List<Parameter> parameters = dense.stream().map(WatchedKernel::kernel).toList();
    Map<String, float[]> magnitudes = new HashMap<>();
    Map<String, Mask> full = new HashMap<>();
    dense.forEach(k -> magnitudes.put(k.kernel().name(), k.magnitudes()));
    dense.forEach(k -> full.put(k.kernel().name(), k.live()));
    long n = dense.stream().mapToLong(k -> k.weights().length).sum();
    long pruned = Counts.pruned(p, n);
    Masks masks = Survivors.best(parameters, magnitudes, new Masks(full), n - pruned);
    Levels levels = new Levels(List.of(), List.of(q));
    Reference reference = Reference.of(dense, masks.byName(), levels);
    long below = Counts.pruned(q, n);
    ShedCounts counts = total(masked(dense, masks.byName()), reference, levels);
    assertThat(counts.live()).isEqualTo(n - pruned);
    assertThat(counts.global()).containsExactly(below - pruned);
    assertThat(counts.share(below - pruned)).isCloseTo((q - p) / (1 - p), within(2. / n));

    Map<String, float[]> drawn = new HashMap<>();
    magnitudes.forEach((name, m) -> drawn.put(name, draws(m.length, random)));
    Masks some = Survivors.best(parameters, drawn, new Masks(full), n - pruned);
    ShedCounts atRandom = total(masked(dense, some.byName()), reference, levels);
    // five standard deviations of a share
    assertThat(atRandom.share(atRandom.global().get(0)))
        .isCloseTo(q, within(5 * Math.sqrt(q * (1 - q) / (n - pruned))));
  }

  private static float[] draws(int n, Random random) {
    float[] draws = new float[n];
    for (int i = 0; i < n; i++) {
      draws[i] = random.nextFloat();
    }
    return draws;
  }

  private static List<WatchedKernel> network(Random random) {
    List<WatchedKernel> kernels = new ArrayList<>();
    for (int k = 0; k < 3; k++) {
      Parameter kernel =
          new Parameter("conv" + k + "/kernel", Role.CONVOLUTION_KERNEL, Shape.of(3, 3, 8, 5 + k));
      float[] weights = new float[kernel.size()];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) random.nextGaussian() * (k + 1);
      }
      kernels.add(WatchedKernel.bare(kernel, weights, Mask.full(kernel.shape())));
    }
    return kernels;
  }

  private static List<WatchedKernel> masked(List<WatchedKernel> kernels, Map<String, Mask> masks) {
    return kernels.stream()
        .map(k -> WatchedKernel.bare(k.kernel(), k.weights(), masks.get(k.kernel().name())))
        .toList();
  }

  private static ShedCounts total(List<WatchedKernel> now, Reference reference, Levels levels) {
    ShedCounts sum = ShedCounts.none(levels);
    for (int k = 0; k < now.size(); k++) {
      sum = sum.plus(ShedCounts.of(now.get(k), reference, reference.layers().get(k), levels));
    }
    return sum;
  }

  @Test
  void histogramsHaveTheirEdgesWhereTheySay() {
    Parameter row = new Parameter("row/kernel", Role.DENSE_KERNEL, Shape.of(8, 1));
    WatchedKernel now =
        WatchedKernel.bare(
            row,
            // of rms 2: log10 = −∞, −7, −6 + a little, −1, 0, just below 1, 1, pruned
            new float[] {0, 2e-7f, 2.00001e-6f, 0.20001f, -2.00001f, 19.999f, 20.001f, 2},
            Mask.of(row.shape(), new boolean[] {true, true, true, true, true, true, true, false}));
    MagnitudeHistogram histogram = MagnitudeHistogram.of(now, 2);
    assertThat(histogram.below()).isEqualTo(2);
    assertThat(histogram.above()).isEqualTo(1);
    assertThat(histogram.size()).isEqualTo(7);
    // bins of 7/60: −1 lies in bin ⌊5 · 60/7⌋ = 42, 0 in ⌊360/7⌋ = 51
    assertThat(histogram.bins().get(0)).isEqualTo(1);
    assertThat(histogram.bins().get(42)).isEqualTo(1);
    assertThat(histogram.bins().get(51)).isEqualTo(1);
    assertThat(histogram.bins().get(59)).isEqualTo(1);
    assertThat(histogram.plus(histogram).size()).isEqualTo(14);
  }

  @Test
  void clusteringOfEvenAndOfWholeFilters() {
    Parameter conv = new Parameter("conv/kernel", Role.CONVOLUTION_KERNEL, Shape.of(1, 1, 4, 4));
    // half of every filter and of every input channel: a chess board
    Clustering even = Clustering.of(conv, i -> (i / 4 + i) % 2 == 0);
    assertThat(even.filters()).isEqualTo(new Clustering.Channels(0, 0, 0));
    assertThat(even.inputs()).isEqualTo(new Clustering.Channels(0, 0, 0));
    // filters 0 and 1 whole, the others gone: densities 0, 0, 1, 1
    Clustering whole = Clustering.of(conv, i -> i % 4 < 2);
    assertThat(whole.filters()).isEqualTo(new Clustering.Channels(0.5, 0.25, 2));
    assertThat(whole.inputs()).isEqualTo(new Clustering.Channels(0, 0, 0));
    Clustering inputs = Clustering.of(conv, i -> i / 4 == 3);
    assertThat(inputs.inputs()).isEqualTo(new Clustering.Channels(0.75, 0.1875, 3));
    assertThat(inputs.filters().dead()).isZero();
    assertThat(Clustering.of(conv, i -> false).filters())
        .isEqualTo(new Clustering.Channels(0, 0, 4));
  }

  /** [2, 1, 3, 2]: filter c · 2 + m sees channel c alone. */
  @Test
  void depthwiseFiltersAreOfOneChannel() {
    Parameter depthwise = new Parameter("dw/kernel", Role.DEPTHWISE_KERNEL, Shape.of(2, 1, 3, 2));
    // all of channel 1: indices tap · 6 + 1 · 2 + m
    Clustering one = Clustering.of(depthwise, i -> i % 6 / 2 == 1);
    assertThat(one.filters().dead()).isEqualTo(4);
    assertThat(one.inputs().dead()).isEqualTo(2);
    WatchedKernel kernel =
        WatchedKernel.bare(depthwise, new float[12], Mask.full(depthwise.shape()));
    assertThat(kernel.filters()).isEqualTo(6);
  }

  @Test
  void keptSetsOfTheSameWeightsAgreeAndOfOthersAgreeByChance() {
    Levels levels = new Levels(List.of(), List.of(0.5, 0.9));
    List<WatchedKernel> one = network(new Random(1));
    List<WatchedKernel> other = network(new Random(2));
    Map<Double, Masks> a = KeptSets.of(one, levels);
    Map<Double, Masks> b = KeptSets.of(other, levels);
    long n = one.stream().mapToLong(k -> k.weights().length).sum();
    for (double q : levels.quantiles()) {
      assertThat(a.get(q).kept()).isEqualTo(Counts.kept(q, n)).isEqualTo(b.get(q).kept());
      assertThat(Overlap.of(a.get(q), a.get(q)).total().jaccard()).isEqualTo(1);
      Overlap.Agreement both = Overlap.of(a.get(q), b.get(q)).total();
      // equal sizes: J = o / (2 − o), o the share of the one that the other has
      assertThat(both.jaccard()).isCloseTo(both.share() / (2 - both.share()), within(1e-12));
      assertThat(Math.abs(both.deviations())).isLessThan(5);
    }
    // fewer live than wanted: all of them
    Map<String, Mask> few = new HashMap<>();
    one.forEach(
        k -> {
          boolean[] kept = new boolean[k.weights().length];
          kept[3] = true;
          few.put(k.kernel().name(), Mask.of(k.kernel().shape(), kept));
        });
    assertThat(KeptSets.of(masked(one, few), levels).get(0.5).kept()).isEqualTo(3);
  }

  @Test
  void spreadsAreLinearBetweenNeighbours() {
    assertThat(Spread.of(4, 0, 2)).containsExactly(0., 0.4, 1., 2., 3., 3.6, 4.);
    assertThat(Spread.of(7)).containsOnly(7.).hasSize(7);
    assertThat(Spread.of()).isEmpty();
    // a filter without live weights has no norm
    WatchedKernel now = bare(DENSE, live(1, 0, 1, 0), 3, 9, 4, 9);
    assertThat(Spread.ofFilters(now)).containsOnly(Math.sqrt(12.5));
  }

  @Test
  void silentUnitsVaryAMillionthOfTheMean() {
    assertThat(SilentUnits.count(new double[] {1, 1, 0, 5e-7, 3e-7})).isEqualTo(2);
    assertThat(SilentUnits.count(new double[] {0, 0})).isEqualTo(2);
    assertThat(SilentUnits.count(new double[] {5, 5})).isZero();
  }

  /** What is pruned on the way is not shed. */
  @Test
  void prunedWeightsAreNotShed() {
    WatchedKernel dense = bare(DENSE, Mask.full(DENSE.shape()), 1, 1, 1, 1);
    Reference reference = Reference.of(List.of(dense), Map.of(), LEVELS);
    WatchedKernel now = bare(DENSE, live(1, 1, 0, 0), 1, 0.01f, 0, 0);
    ShedCounts counts = ShedCounts.of(now, reference, reference.layers().get(0), LEVELS);
    assertThat(counts.relative()).containsExactly(1L, 1L);
    assertThat(counts.live()).isEqualTo(2);
  }
}
