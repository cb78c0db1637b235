package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.00 kB",
    "999499, 999 kB",
    "999600, 1.00 MB",
    "1134567, 1.13 MB",
    "10000000, 10.0 MB",
    "100400000, 100 MB",
    "2500000000000, 2.50 TB"
  })
  void bytes(long value, String text) {
    assertThat(Figures.bytes(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.0 s",
    "9.94, 9.9 s",
    "10, 10 s",
    "59.4, 59 s",
    "59.6, 1 min 00 s",
    "125, 2 min 05 s",
    "3600, 1 h 00 min",
    "7384, 2 h 03 min",
    "NaN, –"
  })
  void durations(double seconds, String text) {
    assertThat(Figures.duration(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0.052, +5.20", "-0.1737, −17.37", "0, ±0.00", "-0.000004, ±0.00", "NaN, –"})
  void points(double difference, String text) {
    assertThat(Figures.points(difference)).isEqualTo(text);
  }

  @Test
  void sharesAndCountsAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(Figures.percent(0.91644)).isEqualTo("91.64 %");
      assertThat(Figures.percent(Double.NaN)).isEqualTo("–");
      assertThat(Figures.count(1_234_567)).isEqualTo("1,234,567");
      assertThat(Figures.magnitude(9999)).isEqualTo("9,999");
      assertThat(Figures.magnitude(40_813_952)).isEqualTo("40.8 M");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void changesHaveThreeDigitsAndASign() {
    assertThat(Figures.change(-0.012345)).isEqualTo("−0.0123");
    assertThat(Figures.change(2)).isEqualTo("+2.00");
    assertThat(Figures.change(1.2345e-5)).isEqualTo("+1.23e−5");
    assertThat(Figures.change(-123456)).isEqualTo("−1.23e5");
    assertThat(Figures.change(0)).isEqualTo("0");
    assertThat(Figures.change(Double.NaN)).isEqualTo("–");
  }
}
