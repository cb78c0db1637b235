package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepBenchmarkTest {
  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoThere() {
    assertThat(StepBenchmark.median(new double[] {9, 1, 5})).isEqualTo(5);
    assertThat(StepBenchmark.median(new double[] {9, 1, 5, 7})).isEqualTo(6);
  }
}
