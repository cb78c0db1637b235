package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.JackpotException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

/** Properties of section 8 of the lottery jackpots paper's notes, by their number there. */
class AllocationTest {
  private static final Allocation GLOBAL = new GlobalAllocation();
  private static final Allocation UNIFORM = new UniformAllocation();
  private static final double[] SPARSITIES = {0, 0.1, 0.29, 0.5, 0.8, 0.9, 0.95, 0.99};

  @Test
  void globalByHand() {
    Map<String, float[]> scores = map(new float[] {5, 1, 4}, new float[] {3, 2, 6, 0});
    assertThat(kept(GLOBAL, scores, 0.5))
        .as("4 of 7: 6, 5, 4, 3")
        .containsExactly(Map.entry("k0", 2), Map.entry("k1", 2));
    assertThat(kept(UNIFORM, scores, 0.5))
        .as("floor(1.5) and 2 pruned")
        .containsExactly(Map.entry("k0", 2), Map.entry("k1", 2));
    assertThat(kept(GLOBAL, scores, 0.9))
        .as("1 of 7")
        .containsExactly(Map.entry("k0", 0), Map.entry("k1", 1));
    assertThat(kept(GLOBAL, scores, 0)).containsExactly(Map.entry("k0", 3), Map.entry("k1", 4));
  }

  @Test
  void globalBreaksTiesByKernelThenIndex() {
    Map<String, float[]> scores = map(new float[] {1, 0, 1}, new float[] {1, 2, 1, 1});
    assertThat(kept(GLOBAL, scores, 0.5))
        .as("2, then three ones")
        .containsExactly(Map.entry("k0", 2), Map.entry("k1", 2));
  }

  @Test
  void prunedCountsAreExact_2() {
    Random random = new Random(2);
    for (int trial = 0; trial < 40; trial++) {
      Map<String, float[]> scores = draw(random, trial);
      int size = scores.values().stream().mapToInt(s -> s.length).sum();
      for (double sparsity : SPARSITIES) {
        assertThat(sum(kept(GLOBAL, scores, sparsity)))
            .isEqualTo((int) Counts.kept(sparsity, size));
        kept(UNIFORM, scores, sparsity)
            .forEach(
                (name, k) ->
                    assertThat(k).isEqualTo((int) Counts.kept(sparsity, scores.get(name).length)));
      }
    }
  }

  @Test
  void globalIsMonotoneInSparsity_2() {
    Random random = new Random(3);
    for (int trial = 0; trial < 20; trial++) {
      Map<String, float[]> scores = draw(random, trial);
      Map<String, Integer> before = kept(GLOBAL, scores, 0);
      for (double sparsity : SPARSITIES) {
        Map<String, Integer> now = kept(GLOBAL, scores, sparsity);
        for (String name : now.keySet()) {
          assertThat(now.get(name)).isLessThanOrEqualTo(before.get(name));
        }
        before = now;
      }
    }
  }

  @Test
  void globalIgnoresACommonScale_2() {
    Random random = new Random(4);
    for (int trial = 0; trial < 20; trial++) {
      Map<String, float[]> scores = draw(random, trial);
      Map<String, float[]> scaled = new LinkedHashMap<>();
      scores.forEach((name, s) -> scaled.put(name, scaled(s, 8)));
      for (double sparsity : SPARSITIES) {
        assertThat(kept(GLOBAL, scaled, sparsity)).isEqualTo(kept(GLOBAL, scores, sparsity));
      }
    }
  }

  @Test
  void globalPrunesNoMoreOfAKernelThatGrows_2() {
    Random random = new Random(5);
    for (int trial = 0; trial < 20; trial++) {
      Map<String, float[]> scores = draw(random, 0);
      scores.replaceAll((name, s) -> absolute(s));
      for (double sparsity : SPARSITIES) {
        Map<String, Integer> before = kept(GLOBAL, scores, sparsity);
        for (String name : scores.keySet()) {
          Map<String, float[]> grown = new LinkedHashMap<>(scores);
          grown.put(name, scaled(scores.get(name), 1.5f));
          assertThat(kept(GLOBAL, grown, sparsity).get(name))
              .isGreaterThanOrEqualTo(before.get(name));
        }
      }
    }
  }

  @Test
  void topKEqualsASort() {
    Random random = new Random(7);
    for (int trial = 0; trial < 100; trial++) {
      int n = random.nextInt(300);
      float[] scores = Draw.scores(random, n, trial);
      int k = random.nextInt(n + 1);
      assertThat(MaskSelection.topK(scores, k).toBooleans())
          .isEqualTo(MaskUpdateTest.sortedTopK(scores, k));
    }
    float inf = Float.POSITIVE_INFINITY;
    float[] extremes = {
      -inf, Float.MIN_VALUE, 0, -0f, inf, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE
    };
    for (int k = 0; k <= extremes.length; k++) {
      assertThat(MaskSelection.topK(extremes, k).toBooleans())
          .isEqualTo(MaskUpdateTest.sortedTopK(extremes, k));
    }
    assertThatThrownBy(() -> MaskSelection.topK(extremes, 9))
        .hasMessage("kept is 9; expected 0 to 8");
  }

  @Test
  void namesTheKernelOfANaN() {
    for (Allocation allocation : new Allocation[] {GLOBAL, UNIFORM}) {
      assertThatThrownBy(
              () -> kept(allocation, map(new float[] {1}, new float[] {1, Float.NaN}), 0.5))
          .isInstanceOf(JackpotException.class)
          .hasMessage("kernel k1: the score of weight 1 of 2 is NaN; expected a number");
    }
  }

  @Test
  void configsChoose() throws TextFormat.ParseException {
    assertThat(create("")).isInstanceOf(GlobalAllocation.class);
    assertThat(create("global {}")).isInstanceOf(GlobalAllocation.class);
    assertThat(create("uniform {}")).isInstanceOf(UniformAllocation.class);
    assertThatThrownBy(() -> create("custom { name: \"unifrom\" }"))
        .hasMessageContaining("allocation: custom name \"unifrom\" is not on the class path");
  }

  private static Map<String, Integer> kept(
      Allocation allocation, Map<String, float[]> scores, double sparsity) {
    Map<String, Candidates> kernels = new LinkedHashMap<>();
    scores.forEach((name, s) -> kernels.put(name, new Candidates(Shape.of(s.length), s)));
    return allocation.kept(kernels, sparsity);
  }

  private static Allocation create(String config) throws TextFormat.ParseException {
    return Allocations.REGISTRY.create(
        TextFormat.parse(config, dev.jackpot.config.proto.Allocation.class));
  }

  private static Map<String, float[]> draw(Random random, int kind) {
    Map<String, float[]> scores = new LinkedHashMap<>();
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      scores.put("k" + i, scaled(Draw.scores(random, random.nextInt(200), kind), 1 << i));
    }
    return scores;
  }

  private static float[] scaled(float[] scores, float factor) {
    float[] scaled = scores.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  private static float[] absolute(float[] scores) {
    float[] absolute = scores.clone();
    for (int i = 0; i < absolute.length; i++) {
      absolute[i] = Math.abs(absolute[i]);
    }
    return absolute;
  }

  private static int sum(Map<String, Integer> kept) {
    return kept.values().stream().mapToInt(k -> k).sum();
  }

  private static Map<String, float[]> map(float[]... scores) {
    Map<String, float[]> map = new LinkedHashMap<>();
    for (float[] s : scores) {
      map.put("k" + map.size(), s);
    }
    return map;
  }
}
