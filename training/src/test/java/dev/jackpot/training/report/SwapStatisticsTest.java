package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.training.run.SwapMeasurement.Together;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwapStatisticsTest {
  @Test
  void addedUpByHand() {
    SwapStatistics s =
        SwapStatistics.of(
            List.of(
                new Together(4, -1, -2, 0.5),
                new Together(4, -2, -3, -1),
                new Together(4, -3, 2, 0.5),
                new Together(4, -2, -1, -2)));
    assertThat(s.cases()).isEqualTo(4);
    assertThat(s.predicted()).isEqualTo(-2);
    assertThat(s.actual()).isEqualTo(-1);
    assertThat(s.interaction()).isEqualTo(-0.5);
    assertThat(s.size()).isEqualTo(1);
    assertThat(s.rising()).isEqualTo(0.25);
    assertThat(s.wrong()).isEqualTo(0.25);
    // Σ(x − x̄)(y − ȳ) = (1)(−1) + (−1)(3), Σ(x − x̄)² = 2
    assertThat(s.slope()).isEqualTo(-2);
  }

  @Test
  void aLineHasItsSlopeAndAPointNone() {
    assertThat(
            SwapStatistics.of(List.of(new Together(1, 1, 5, 0), new Together(1, 3, 6, 0))).slope())
        .isEqualTo(0.5);
    assertThat(SwapStatistics.of(List.of(new Together(1, 1, 5, 0))).slope()).isNaN();
  }

  @Test
  void aPowerIsFound() {
    assertThat(SwapStatistics.exponent(Map.of(1, 0., 2, 12., 4, 48., 8, 192.)))
        .isCloseTo(2, within(1e-12));
    assertThat(SwapStatistics.exponent(Map.of(1, 0., 2, 12.))).isNaN();
    assertThat(SwapStatistics.exponent(Map.of())).isNaN();
  }
}
