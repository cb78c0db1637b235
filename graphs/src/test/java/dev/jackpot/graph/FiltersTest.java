package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiltersTest {
  /** 12 is half-way and goes up; 18 would lose more than a tenth at 16. */
  @ParameterizedTest
  @CsvSource({
    "0.3, 8",
    "8, 8",
    "8.88, 8",
    "8.9, 16",
    "11.9, 16",
    "12, 16",
    "18, 24",
    "19.9, 24",
    "184, 184",
    "1792, 1792"
  })
  void multiplesOfEightLoseAtMostATenth(double wanted, int filters) {
    assertThat(Filters.divisible(wanted)).isEqualTo(filters);
  }

  @ParameterizedTest
  @CsvSource({"0.2, 1", "3.2, 3", "3.5, 4"})
  void rounded(double wanted, int filters) {
    assertThat(Filters.rounded(wanted)).isEqualTo(filters);
  }
}
