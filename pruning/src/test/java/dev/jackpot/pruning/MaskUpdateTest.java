package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Properties of section 8 of the lottery jackpots paper's notes, by their number there. */
class MaskUpdateTest {
  private static final double[] RATES = {1, 0.5, 0.4096, 0.1, 0.0016, Double.MIN_NORMAL};

  @Test
  void swapsByHand() {
    // Top 3 of the scores: indices 1, 3, 4. Wanted: 3 (0.8), 4 (0.7). Unwanted: 0 (0.1), 5 (0.3).
    float[] scores = {0.1f, 0.9f, 0.2f, 0.8f, 0.7f, 0.3f};
    boolean[] kept = {true, true, false, false, false, true};
    assertThat(MaskUpdate.update(scores, kept, 0.5)).isEqualTo(1);
    assertThat(kept).containsExactly(false, true, false, true, false, true);
    assertThat(MaskUpdate.update(scores, kept, 0.5)).isEqualTo(1);
    assertThat(kept).containsExactly(false, true, false, true, true, false);
    assertThat(MaskUpdate.update(scores, kept, 0.5)).isZero();
  }

  @Test
  void equalScoresPreferTheLowerIndex() {
    float[] scores = {1, 1, 1, 1, 1, 1};
    boolean[] kept = {false, false, true, true, true, false};
    assertThat(MaskUpdate.update(scores, kept, 0.1)).isEqualTo(1);
    assertThat(kept)
        .as("0 revived, 4 removed")
        .containsExactly(true, false, true, true, false, false);
    assertThat(MaskUpdate.update(scores, kept, 0.1)).isEqualTo(1);
    assertThat(kept).containsExactly(true, true, true, false, false, false);
    assertThat(MaskUpdate.update(scores, kept, 1)).isZero();
  }

  @Test
  void negativeZeroTiesWithZero() {
    float[] scores = {-0f, 0f, -1};
    boolean[] kept = {false, true, false};
    assertThat(MaskUpdate.update(scores, kept, 1)).isEqualTo(1);
    assertThat(kept).containsExactly(true, false, false);
  }

  @Test
  void countsStayExact_1() {
    Random random = new Random(1);
    for (int n : new int[] {1, 2, 7, 100, 1000}) {
      for (int trial = 0; trial < 20; trial++) {
        int k = random.nextInt(n + 1);
        boolean[] kept = MaskSelection.topK(Draw.scores(random, n, trial), k).toBooleans();
        for (double rate : RATES) {
          MaskUpdate.update(Draw.scores(random, n, trial), kept, rate);
          assertThat(count(kept)).isEqualTo(k);
        }
      }
    }
  }

  @Test
  void rateOneIsTopKAfterEveryStep_5() {
    Random random = new Random(5);
    float[] scores = Draw.scores(random, 1000, 0);
    boolean[] kept = MaskSelection.topK(scores, 100).toBooleans();
    for (int step = 0; step < 50; step++) {
      Draw.perturb(random, scores);
      MaskUpdate.update(scores, kept, 1);
      assertThat(kept).isEqualTo(sortedTopK(scores, 100));
    }
  }

  @Test
  void lowerRatesMoveTowardsTopK_6() {
    Random random = new Random(6);
    for (int trial = 0; trial < 60; trial++) {
      int n = 2 + random.nextInt(400);
      int k = 1 + random.nextInt(n - 1);
      double rate = RATES[trial % RATES.length];
      float[] scores = Draw.scores(random, n, trial);
      boolean[] kept = MaskSelection.topK(Draw.scores(random, n, trial), k).toBooleans();
      boolean[] top = sortedTopK(scores, k);
      int away = difference(kept, top);
      int steps = 0;
      while (away > 0) {
        int candidates = away / 2;
        int swaps = MaskUpdate.update(scores, kept, rate);
        assertThat(swaps).isEqualTo((int) Math.max(1, Math.ceil(rate * candidates)));
        assertThat(difference(kept, top)).isEqualTo(away - 2 * swaps);
        away -= 2 * swaps;
        assertThat(++steps).isLessThanOrEqualTo(n);
      }
      assertThat(MaskUpdate.update(scores, kept, rate)).isZero();
    }
  }

  @Test
  void swappedSetsDominate_7() {
    Random random = new Random(7);
    for (int trial = 0; trial < 60; trial++) {
      int n = 2 + random.nextInt(400);
      int k = 1 + random.nextInt(n - 1);
      float[] scores = Draw.scores(random, n, trial);
      boolean[] before = MaskSelection.topK(Draw.scores(random, n, trial), k).toBooleans();
      boolean[] top = sortedTopK(scores, k);
      boolean[] after = before.clone();
      MaskUpdate.update(scores, after, RATES[trial % RATES.length]);
      Integer[] order = order(scores);
      boolean revivedAll = true;
      boolean removedAny = false;
      for (int i : order) {
        if (!before[i] && top[i]) {
          assertThat(after[i] && !revivedAll)
              .as("%d revived behind a candidate that was not", i)
              .isFalse();
          revivedAll &= after[i];
        } else if (before[i] && !top[i]) {
          assertThat(after[i] && removedAny)
              .as("%d spared behind a candidate that was not", i)
              .isFalse();
          removedAny |= !after[i];
        } else {
          assertThat(after[i]).as("%d is no candidate", i).isEqualTo(before[i]);
        }
      }
    }
  }

  @Test
  void allEqualScoresAreDeterministic_10() {
    float[] scores = new float[50];
    boolean[] first = MaskSelection.topK(Draw.scores(new Random(10), 50, 0), 20).toBooleans();
    boolean[] second = first.clone();
    assertThat(MaskUpdate.update(scores, first, 0.3))
        .isEqualTo(MaskUpdate.update(scores, second, 0.3));
    assertThat(first).isEqualTo(second);
    MaskUpdate.update(scores, first, 1);
    assertThat(first).isEqualTo(sortedTopK(scores, 20));
    boolean[] start = MaskSelection.topK(scores, 20).toBooleans();
    assertThat(MaskUpdate.update(scores, start, 1)).as("a start of equal scores rests").isZero();
  }

  @Test
  void refusesWrongArguments() {
    assertThatThrownBy(() -> MaskUpdate.update(new float[2], new boolean[3], 1))
        .hasMessage("2 scores for a mask of 3");
    for (double rate : new double[] {0, -1, 1.01, Double.NaN}) {
      assertThatThrownBy(() -> MaskUpdate.update(new float[2], new boolean[2], rate))
          .hasMessage("rate is %s; expected a number in (0, 1]", rate);
    }
  }

  /** The top K by a plain sort. */
  static boolean[] sortedTopK(float[] scores, int k) {
    boolean[] top = new boolean[scores.length];
    Arrays.stream(order(scores)).limit(k).forEach(i -> top[i] = true);
    return top;
  }

  private static Integer[] order(float[] scores) {
    Integer[] order = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
    Arrays.sort(
        order,
        (a, b) -> scores[a] == scores[b] ? Integer.compare(a, b) : scores[a] > scores[b] ? -1 : 1);
    return order;
  }

  private static int count(boolean[] kept) {
    int count = 0;
    for (boolean k : kept) {
      count += k ? 1 : 0;
    }
    return count;
  }

  private static int difference(boolean[] a, boolean[] b) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      count += a[i] == b[i] ? 0 : 1;
    }
    return count;
  }
}
