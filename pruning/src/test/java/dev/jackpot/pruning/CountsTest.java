package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import org.junit.jupiter.api.Test;

class CountsTest {
  @Test
  void readsTheSparsityAsADecimal() {
    assertThat(Counts.pruned(0.9, 10)).isEqualTo(9);
    assertThat((int) (0.29 * 100)).as("what binary arithmetic says").isEqualTo(28);
    assertThat(Counts.pruned(0.29, 100)).isEqualTo(29);
    assertThat(Counts.pruned(0.7, 10)).isEqualTo(7);
    assertThat(Counts.pruned(0.95, 7)).isEqualTo(6);
    assertThat(Counts.pruned(0, 7)).isZero();
    assertThat(Counts.pruned(0.999999, 1)).isZero();
    assertThat(Counts.pruned(0.9, 0)).isZero();
    assertThat(Counts.pruned(0.9, 23_454_912)).isEqualTo(21_109_420);
  }

  @Test
  void keptIsTheRest() {
    for (int percent = 0; percent < 100; percent++) {
      for (long n = 0; n < 300; n += 7) {
        double sparsity = percent / 100.0;
        assertThat(Counts.pruned(sparsity, n)).isEqualTo(percent * n / 100);
        assertThat(Counts.kept(sparsity, n)).isEqualTo(n - percent * n / 100);
      }
    }
  }

  @Test
  void refusesWhatIsNoSparsity() {
    for (double wrong : new double[] {1, -0.1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> Counts.pruned(wrong, 10))
          .isInstanceOf(ConfigException.class)
          .hasMessage("sparsity: found %s; expected a number in [0, 1)", wrong);
    }
  }
}
