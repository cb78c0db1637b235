package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.Shrinking.Count;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

class ShrinkingTest {
  private static final List<Parameter> KERNELS =
      List.of(
          new Parameter("a/kernel", Role.CONVOLUTION_KERNEL, Shape.of(3, 3, 4, 5)),
          new Parameter("b/kernel", Role.CONVOLUTION_KERNEL, Shape.of(1, 1, 8, 7)),
          new Parameter("c/kernel", Role.CLASSIFIER_KERNEL, Shape.of(6, 3)));

  private static Shrinking shrinking(String options) {
    try {
      return Shrinking.of(TextFormat.parse(options, Prune.class));
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(options, e);
    }
  }

  private static Map<String, HostTensor> weights(long seed) {
    Random random = new Random(seed);
    Map<String, HostTensor> weights = new HashMap<>();
    for (Parameter kernel : KERNELS) {
      float[] values = new float[kernel.size()];
      for (int i = 0; i < values.length; i++) {
        // many equal ones
        values[i] = Math.round(10 * random.nextGaussian()) / 10f;
      }
      weights.put(kernel.name(), new HostTensor(kernel.shape(), values));
    }
    return weights;
  }

  @Test
  void aFractionIsOneOfWhatIsLeftAndTheClassifierStaysDense() {
    Shrinking fifth = shrinking("fraction: 0.2");
    Map<String, Mask> masks = Map.of();
    long kept = 236;
    for (int round = 0; round < 30; round++) {
      Masks next = fifth.masks(KERNELS, weights(round), masks, 1, NetworkGradients.NONE);
      kept -= kept / 5;
      assertThat(next.kept()).isEqualTo(kept);
      assertThat(next.names()).containsExactly("a/kernel", "b/kernel");
      assertNested(next, masks);
      masks = next.byName();
    }
    assertThat(kept).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "allocation { uniform {} }"})
  void masksAreNestedWhateverTheWeightsBecome(String allocation) {
    Map<String, Mask> masks = Map.of();
    for (double sparsity : new double[] {0, 0.1, 0.5, 0.5, 0.77, 0.9, 0.99}) {
      Shrinking to = shrinking("sparsity: %s %s".formatted(sparsity, allocation));
      Masks next =
          to.masks(KERNELS, weights((long) (100 * sparsity)), masks, 1, NetworkGradients.NONE);
      assertNested(next, masks);
      if (allocation.isEmpty()) {
        assertThat(next.pruned()).isEqualTo(Counts.pruned(sparsity, 236));
      } else {
        next.byName()
            .values()
            .forEach(m -> assertThat(m.pruned()).isEqualTo(Counts.pruned(sparsity, m.size())));
      }
      masks = next.byName();
    }
  }

  private static void assertNested(Masks next, Map<String, Mask> before) {
    before.forEach(
        (name, mask) ->
            assertThat(next.get(name).intersection(mask)).isEqualTo(next.get(name).kept()));
  }

  @Test
  void theSmallestOfTheRemainingWeightsGo() {
    Parameter kernel = new Parameter("a/kernel", Role.CONVOLUTION_KERNEL, Shape.of(1, 1, 2, 3));
    Map<String, HostTensor> weights =
        Map.of("a/kernel", new HostTensor(kernel.shape(), new float[] {-9, 1, -3, 2, 8, -4}));
    Mask before = Mask.of(kernel.shape(), new boolean[] {false, true, true, true, true, true});
    Masks after =
        shrinking("fraction: 0.4")
            .masks(List.of(kernel), weights, Map.of("a/kernel", before), 1, NetworkGradients.NONE);
    assertThat(after.get("a/kernel").toBooleans())
        .containsExactly(false, false, true, false, true, true);
  }

  /** A free mask first, then whole filters, blocks, or at most two of four input channels. */
  @ParameterizedTest
  @ValueSource(strings = {"filter {}", "block { height: 2 width: 2 }", "n_m { n: 2 m: 4 }"})
  void masksOfAPatternAreNestedInFreeOnes(String pattern) {
    Map<String, Mask> free =
        shrinking("sparsity: 0.3")
            .masks(KERNELS, weights(1), Map.of(), 1, NetworkGradients.NONE)
            .byName();
    String sparsity = pattern.startsWith("n_m") ? "" : "sparsity: 0.5 ";
    Shrinking tied = shrinking(sparsity + "pattern { %s }".formatted(pattern));
    Masks next = tied.masks(KERNELS, weights(1), free, 1, NetworkGradients.NONE);
    assertNested(next, free);
    assertThat(next.pruned()).isGreaterThan(new Masks(free).pruned());
    if (!pattern.startsWith("n_m")) {
      Count count = tied.count(KERNELS, next.byName());
      assertThat(count.pruned()).isEqualTo(Counts.pruned(0.5, count.size()));
    }
    assertThat(tied.masks(KERNELS, weights(1), next.byName(), 1, NetworkGradients.NONE))
        .isEqualTo(next);
  }

  @Test
  void whatIsPrunedDoesNotComeBack() {
    assertThatThrownBy(() -> shrinking("sparsity: 0.5").target(new Count(600, 1000)))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "sparsity: found 0.5, which prunes 500 of 1000; 600 are pruned already and stay"
                + " so: expected at least 0.6");
  }

  @Test
  void aSparsityIsFoundForEveryCount() {
    for (long size : new long[] {1, 7, 236, 25_502_912, 1_000_000_007}) {
      Random random = new Random(size);
      for (int i = 0; i < 200; i++) {
        long pruned = Math.min(size - 1, (long) (random.nextDouble() * size));
        assertThat(Counts.pruned(Counts.sparsity(pruned, size), size)).isEqualTo(pruned);
      }
    }
  }
}
