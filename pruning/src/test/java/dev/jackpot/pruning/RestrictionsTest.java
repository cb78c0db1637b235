package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestrictionsTest {
  @Test
  void polynomialFollowsThePaper() {
    Restriction restriction = Restrictions.polynomial(4);
    assertThat(restriction.rate(0, 30)).isEqualTo(1);
    assertThat(restriction.rate(6, 30)).isCloseTo(0.4096, within(1e-12));
    assertThat(restriction.rate(15, 30)).isEqualTo(0.0625);
    assertThat(restriction.rate(24, 30)).isCloseTo(0.0016, within(1e-12));
  }

  @Test
  void fallsFromOneAndStaysAboveZero_8() {
    for (Restriction restriction :
        List.of(Restrictions.polynomial(4), Restrictions.polynomial(0.5), Restrictions.cosine())) {
      for (int epochs : new int[] {1, 2, 30, 160}) {
        assertThat(restriction.rate(0, epochs)).isEqualTo(1);
        for (int epoch = 1; epoch < epochs; epoch++) {
          assertThat(restriction.rate(epoch, epochs))
              .isPositive()
              .isLessThan(restriction.rate(epoch - 1, epochs));
        }
      }
      assertThat(restriction.rate(Integer.MAX_VALUE - 1, Integer.MAX_VALUE)).isPositive();
    }
    assertThat(Restrictions.polynomial(1e6).rate(1, 2)).as("underflow").isPositive();
  }

  /**
   * The paper's released code rounds the rate itself up, which restricts nothing: what ours must
   * not do.
   */
  @Test
  void theDefectiveFormIsOneInEveryEpoch_8() {
    for (int epoch = 0; epoch < 160; epoch++) {
      assertThat(Math.ceil(Math.pow(1 - epoch / 160.0, 4))).isEqualTo(1);
      assertThat(MaskUpdate.swaps(1000, Restrictions.polynomial(4).rate(epoch, 160)))
          .isEqualTo(Math.max(1, (int) Math.ceil(1000 * Math.pow((160 - epoch) / 160.0, 4))));
    }
    assertThat(MaskUpdate.swaps(1000, Restrictions.polynomial(4).rate(80, 160))).isEqualTo(63);
  }

  @Test
  void cosineByHand() {
    assertThat(Restrictions.cosine().rate(10, 30)).isCloseTo(0.75, within(1e-12));
    assertThat(Restrictions.cosine().rate(15, 30)).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void staircaseSplitsTheEpochsEvenly() {
    Restriction restriction = Restrictions.staircase(List.of(0.9, 0.6, 0.3));
    double[] expected = {0.9, 0.9, 0.9, 0.9, 0.6, 0.6, 0.6, 0.3, 0.3, 0.3};
    for (int epoch = 0; epoch < 10; epoch++) {
      assertThat(restriction.rate(epoch, 10)).isEqualTo(expected[epoch]);
    }
    assertThat(restriction.rate(0, 1)).isEqualTo(0.9);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0.0625",
    "none {}, 1",
    "polynomial {}, 0.0625",
    "polynomial { power: 1 }, 0.5",
    "cosine {}, 0.5",
    "constant { rate: 0.2 }, 0.2",
    "staircase { rates: 0.9 rates: 0.3 }, 0.3"
  })
  void configsChoose(String config, double halfWay) throws TextFormat.ParseException {
    assertThat(create(config).rate(15, 30)).isCloseTo(halfWay, within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "polynomial { power: 0 }",
        "polynomial { power: inf }",
        "constant { rate: 0 }",
        "constant { rate: 1.1 }",
        "constant { rate: nan }",
        "staircase {}",
        "staircase { rates: 0.5 rates: -1 }"
      })
  void refusesRatesThatAreNone(String config) {
    assertThatThrownBy(() -> create(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageMatching("restriction\\.[a-z]+\\.[a-z]+(\\[1])?: found .+; expected .+");
  }

  @Test
  void refusesEpochsOutsideTheSearch() {
    for (int epoch : new int[] {-1, 3}) {
      assertThatThrownBy(() -> Restrictions.none().rate(epoch, 3))
          .hasMessage("epoch is %d of 3; expected 0 to 2", epoch);
    }
  }

  private static Restriction create(String config) throws TextFormat.ParseException {
    return Restrictions.REGISTRY.create(
        TextFormat.parse(config, dev.jackpot.config.proto.Restriction.class));
  }
}
