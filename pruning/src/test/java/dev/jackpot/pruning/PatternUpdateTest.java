package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PatternUpdateTest {
  private static final double[] RATES = {1, 0.5, 0.1, 1.0 / 3, 0.0016};

  static List<Pattern> patterns() {
    return List.of(
        new FreePattern(),
        new NmPattern(2, 4),
        new NmPattern(1, 3),
        new NmPattern(3, 8),
        new BlockPattern(4, 1),
        new BlockPattern(2, 3),
        new FilterPattern());
  }

  /** The first mask of some other scores; how many of the units it keeps is drawn, if it may be. */
  static boolean[] start(Random random, Units units, int kind) {
    float[] scores = Draw.scores(random, units.count(), kind);
    return units.mask(scores, units.fixed().orElse(units.count() / 2)).toBooleans();
  }

  /** Scores on a grid, whose sums are exact in any order. */
  static float[] scores(Random random, int n, int kind) {
    float[] scores = Draw.scores(random, n, kind);
    for (int i = 0; i < n; i++) {
      scores[i] = Math.round(scores[i] * 4096) / 4096f;
    }
    return scores;
  }

  /** [4, 2] at 2:4. Column 0 wants two swaps, gains 7 and 1; column 1 one, gain 4. */
  @Test
  void pairsOfHighestGainSwapFirst() {
    Units units = new NmPattern(2, 4).units(Kernels.of("k", Role.DENSE_KERNEL, 4, 2));
    float[] scores = {
      8, 5, //
      4, 1, //
      1, 3, //
      3, 0
    };
    boolean[] start = {
      false, false, //
      false, true, //
      true, true, //
      true, false
    };
    boolean[] kept = start.clone();
    assertThat(PatternUpdate.update(units, scores, kept, 0.1)).isEqualTo(1);
    assertThat(kept).containsExactly(true, false, false, true, false, true, true, false);
    kept = start.clone();
    assertThat(PatternUpdate.update(units, scores, kept, 0.5)).isEqualTo(2);
    assertThat(kept)
        .as("gain 7, then 4")
        .containsExactly(true, true, false, false, false, true, true, false);
    kept = start.clone();
    assertThat(PatternUpdate.update(units, scores, kept, 1)).isEqualTo(3);
    assertThat(kept).containsExactly(true, true, true, false, false, true, false, false);
    assertThat(PatternUpdate.update(units, scores, kept, 1)).as("at rest").isZero();
  }

  /** The pattern holds after every step: every group's count, every block whole. */
  @Test
  void everyStepKeepsToThePattern() {
    Random random = new Random(1);
    for (int trial = 0; trial < 150; trial++) {
      Parameter kernel = Kernels.draw(random, "k");
      for (Pattern pattern : patterns()) {
        Units units = pattern.units(kernel);
        assertThat(PatternUpdate.supports(units)).isTrue();
        boolean[] kept = start(random, units, trial);
        int[] before = counts(units, kept);
        for (int step = 0; step < 4; step++) {
          float[] scores = scores(random, kernel.size(), trial + step);
          PatternUpdate.update(units, scores, kept, RATES[(trial + step) % RATES.length]);
          assertThat(counts(units, kept)).as("%s %s", pattern, kernel).isEqualTo(before);
        }
      }
    }
  }

  /** N:M: kept per group. Blocks: how many are kept, after checking that each is whole. */
  private static int[] counts(Units units, boolean[] kept) {
    if (units instanceof NmUnits groups) {
      int[] counts = new int[kept.length];
      int[] next = new int[1];
      groups.forEach(
          (first, size) -> {
            for (int i = 0; i < size; i++) {
              counts[next[0]] += kept[first + i * groups.matrix().columns()] ? 1 : 0;
            }
            next[0]++;
          });
      return counts;
    }
    if (units instanceof BlockUnits blocks) {
      boolean[] whole = blocks.blocks(kept);
      assertThat(
              blocks
                  .spread(Mask.of(org.tensorflow.ndarray.Shape.of(whole.length), whole))
                  .toBooleans())
          .isEqualTo(kept);
      return new int[] {count(whole)};
    }
    return new int[] {count(kept)};
  }

  private static int count(boolean[] flags) {
    int count = 0;
    for (boolean flag : flags) {
      count += flag ? 1 : 0;
    }
    return count;
  }

  /** r = 1 is the pattern's best mask at once; a smaller r gets there in finitely many steps. */
  @Test
  void frozenScoresLeadToTheBestMask() {
    Random random = new Random(2);
    for (int trial = 0; trial < 60; trial++) {
      Parameter kernel = Kernels.draw(random, "k");
      for (Pattern pattern : patterns()) {
        Units units = pattern.units(kernel);
        boolean[] start = start(random, units, trial);
        float[] scores = scores(random, kernel.size(), 0);
        float[] unitScores = units.scores(scores, Criterion.Reduction.MEAN);
        int keep = units.fixed().orElse(units.count() / 2);
        boolean[] best = units.mask(unitScores, keep).toBooleans();
        boolean[] once = start.clone();
        PatternUpdate.update(units, scores, once, 1);
        assertThat(once).as("%s %s", pattern, kernel).isEqualTo(best);
        boolean[] slow = start.clone();
        for (int step = 0; step < kernel.size() && !Arrays.equals(slow, best); step++) {
          PatternUpdate.update(units, scores, slow, 0.3);
        }
        assertThat(slow).isEqualTo(best);
      }
    }
  }
}
