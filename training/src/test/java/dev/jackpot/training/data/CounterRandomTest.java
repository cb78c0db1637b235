package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  @Test
  void mixIsTheFinalizerOfSplitMix64() {
    // The first outputs of SplitMix64 from seed 0 (Vigna's reference program): mix(golden), mix(2 ·
    // golden).
    assertThat(CounterRandom.mix(0x9E3779B97F4A7C15L)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(CounterRandom.mix(0x3C6EF372FE94F82AL)).isEqualTo(0x6E789E6AA1B965F4L);
  }

  @Test
  void permutationHoldsEveryNumberOnce() {
    for (int size : new int[] {1, 2, 7, 1000}) {
      int[] sorted = CounterRandom.permutation(size, 3, 9);
      Arrays.sort(sorted);
      assertThat(sorted).containsExactly(IntStream.range(0, size).toArray());
    }
  }

  @Test
  void permutationsDifferBySeedAndCounterAndRepeat() {
    int[] first = CounterRandom.permutation(100, 1, 0);
    assertThat(CounterRandom.permutation(100, 1, 0)).isEqualTo(first);
    assertThat(CounterRandom.permutation(100, 1, 1)).isNotEqualTo(first);
    assertThat(CounterRandom.permutation(100, 2, 0)).isNotEqualTo(first);
  }

  @Test
  void everyPermutationOfThreeIsAsLikely() {
    int[] counts = new int[27];
    int draws = 60_000;
    for (int i = 0; i < draws; i++) {
      int[] p = CounterRandom.permutation(3, 11, i);
      counts[p[0] * 9 + p[1] * 3 + p[2]]++;
    }
    // 10,000 expected each, standard deviation 91
    assertThat(Arrays.stream(counts).filter(c -> c > 0).boxed())
        .hasSize(6)
        .allSatisfy(c -> assertThat(c).isBetween(9_600, 10_400));
  }

  @Test
  void belowCoversItsRangeEvenly() {
    int[] counts = new int[9];
    for (int i = 0; i < 90_000; i++) {
      counts[CounterRandom.below(CounterRandom.bits(1, 2, i), 9)]++;
    }
    assertThat(Arrays.stream(counts).boxed())
        .allSatisfy(c -> assertThat(c).isBetween(9_600, 10_400));
  }
}
