package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepBenchmarkTest {
  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoThere() {
    assertThat(StepBenchmark.median(new double[] {9, 1, 5})).isEqualTo(5);
    assertThat(StepBenchmark.median(new double[] {9, 1, 5, 7})).isEqualTo(6);
  }

  /** A machine that slows down to a tenth half way changes both medians, not the ratio. */
  @Test
  void theRatioIsTakenStepByStep() {
    double[] train = {10, 10, 100, 100};
    double[] search = {11, 11, 110, 110};
    assertThat(StepBenchmark.medianRatio(search, train)).isEqualTo(1.1);
  }
}
