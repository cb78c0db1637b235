package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SwapRankingTest {
  private static final double[] RATES = {1, 0.5, 0.1, 1.0 / 3, 0.0016};

  private static void apply(Swap swap, boolean[] kept) {
    for (int i : swap.revived()) {
      assertThat(kept[i]).isFalse();
      kept[i] = true;
    }
    for (int i : swap.removed()) {
      assertThat(kept[i]).isTrue();
      kept[i] = false;
    }
  }

  /** Scores 5 4 3 2 1 0, kept the 2nd, 4th and 6th: 5 and 3 want in, 0 and 2 want out. */
  @Test
  void theBestComeBackForTheWorst() {
    Units units = new FreePattern().units(Kernels.of("k", Role.DENSE_KERNEL, 2, 3));
    float[] scores = {5, 4, 3, 2, 1, 0};
    boolean[] kept = {false, true, false, true, false, true};
    SwapRanking ranking = SwapRanking.of(units, scores, kept, 9);
    assertThat(ranking.wanted()).isEqualTo(2);
    assertThat(ranking.swaps())
        .extracting(s -> s.revived()[0] + " for " + s.removed()[0])
        .containsExactly("0 for 5", "2 for 3", "4 for 1");
    assertThat(SwapRanking.of(units, scores, kept, 2).swaps()).hasSize(2);
  }

  @Test
  void theFirstOfThemAreTheUpdateAtAnyRate() {
    Random random = new Random(1);
    for (int trial = 0; trial < 100; trial++) {
      Parameter kernel = Kernels.draw(random, "k");
      for (Pattern pattern : PatternUpdateTest.patterns()) {
        Units units = pattern.units(kernel);
        boolean[] start = PatternUpdateTest.start(random, units, trial);
        float[] scores = PatternUpdateTest.scores(random, kernel.size(), trial / 2);
        SwapRanking ranking = SwapRanking.of(units, scores, start, kernel.size());
        boolean[] updated = start.clone();
        assertThat(PatternUpdate.update(units, scores, updated, 1)).isEqualTo(ranking.wanted());
        double rate = RATES[trial % RATES.length];
        boolean[] part = start.clone();
        int swaps = PatternUpdate.update(units, scores, part, rate);
        boolean[] mine = start.clone();
        ranking.swaps().subList(0, swaps).forEach(s -> apply(s, mine));
        assertThat(mine).as("%s %s at %s", pattern, kernel, rate).isEqualTo(part);
      }
    }
  }

  /** However few are asked for: they are the first ones. No weight is in two swaps. */
  @Test
  void fewerAreTheFirstOfMore() {
    Random random = new Random(2);
    for (int trial = 0; trial < 100; trial++) {
      Parameter kernel = Kernels.draw(random, "k");
      for (Pattern pattern : PatternUpdateTest.patterns()) {
        Units units = pattern.units(kernel);
        boolean[] kept = PatternUpdateTest.start(random, units, trial);
        float[] scores = PatternUpdateTest.scores(random, kernel.size(), trial);
        List<String> all = names(SwapRanking.of(units, scores, kept, kernel.size()));
        BitSet seen = new BitSet();
        for (Swap swap : SwapRanking.of(units, scores, kept, kernel.size()).swaps()) {
          for (int[] side : List.of(swap.revived(), swap.removed())) {
            for (int i : side) {
              assertThat(seen.get(i)).isFalse();
              seen.set(i);
            }
          }
        }
        for (int most : new int[] {1, 2, 5}) {
          SwapRanking few = SwapRanking.of(units, scores, kept, most);
          assertThat(names(few)).isEqualTo(all.subList(0, Math.min(most, all.size())));
        }
      }
    }
  }

  private static List<String> names(SwapRanking ranking) {
    List<String> names = new ArrayList<>();
    ranking
        .swaps()
        .forEach(s -> names.add(Arrays.toString(s.revived()) + Arrays.toString(s.removed())));
    return names;
  }
}
