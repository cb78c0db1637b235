package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.LearningRate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearningRatesTest {
  private static double at(String config, int epoch, int step) {
    return at(config, epoch, step, 20);
  }

  private static double at(String config, int epoch, int step, int epochs) {
    try {
      LearningRate rate = TextFormat.parse(config, LearningRate.class);
      return LearningRates.at(rate, LearningRates.REGISTRY.create(rate), epoch, step, 10, epochs);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0.4", "5, 0.4", "6, 0.2", "9, 0.2", "10, 0.1", "19, 0.1"})
  void stepDropsAtItsEpochs(int epoch, double rate) {
    assertThat(at("initial: 0.4 step { epochs: 6 epochs: 10 factor: 0.5 }", epoch, 3))
        .isCloseTo(rate, within(1e-15));
  }

  @Test
  void cosineGoesFromInitialToFinal() {
    assertThat(at("initial: 0.1 cosine {}", 0, 0)).isEqualTo(0.1);
    assertThat(at("initial: 0.1 cosine {}", 10, 0)).isCloseTo(0.05, within(1e-15));
    assertThat(at("initial: 0.1 cosine { final: 0.02 }", 10, 0)).isCloseTo(0.06, within(1e-15));
    assertThat(at("initial: 0.1 cosine {}", 19, 0))
        .isCloseTo(0.05 * (1 + Math.cos(Math.PI * 0.95)), within(1e-15));
  }

  @Test
  void heldCosineStaysAndThenFalls() {
    String config = "initial: 0.2 held_cosine { hold_epochs: 12 final: 0.02 }";
    assertThat(at(config, 0, 0)).isEqualTo(0.2);
    assertThat(at(config, 11, 9)).isEqualTo(0.2);
    assertThat(at(config, 12, 0)).isEqualTo(0.2);
    // half of the eight epochs that are left
    assertThat(at(config, 16, 0)).isCloseTo(0.11, within(1e-15));
    assertThat(at(config, 19, 0))
        .isCloseTo(0.02 + 0.09 * (1 + Math.cos(Math.PI * 7 / 8)), within(1e-15));
    assertThat(at("initial: 0.2 held_cosine { hold_epochs: 0 }", 7, 0))
        .isEqualTo(at("initial: 0.2 cosine {}", 7, 0));
  }

  @Test
  void perEpochHoldsTheRateAndPerStepDoesNot() {
    assertThat(at("cosine {}", 4, 9)).isEqualTo(at("cosine {}", 4, 0));
    assertThat(at("cosine {} per: STEP", 4, 9)).isLessThan(at("cosine {} per: STEP", 4, 0));
    assertThat(at("cosine {} per: STEP", 4, 0)).isEqualTo(at("cosine {}", 4, 0));
  }

  @Test
  void warmupRampsLinearlyPerStep() {
    String config = "initial: 1 constant {} warmup { epochs: 2 start: 0.2 }";
    assertThat(at(config, 0, 0)).isCloseTo(0.2, within(1e-15));
    assertThat(at(config, 1, 0)).isCloseTo(0.6, within(1e-15));
    assertThat(at(config, 1, 5)).isCloseTo(0.8, within(1e-15));
    assertThat(at(config, 2, 0)).isEqualTo(1);
    assertThat(at(config, 7, 3)).isEqualTo(1);
  }

  /** Both forms of rewinding to epoch 12 of 20 retrain for 8 epochs with start_epoch: 12. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "initial: 0.1 cosine {}",
        "initial: 0.1 cosine {} per: STEP",
        "initial: 0.1 step { epochs: 6 epochs: 15 factor: 0.1 } warmup { epochs: 2 start: 0.2 }",
        "initial: 0.1 held_cosine { hold_epochs: 14 }"
      })
  void rewoundRatesAreThoseOfTheDenseTraining(String config) {
    for (int epoch = 12; epoch < 20; epoch++) {
      for (int step = 0; step < 10; step++) {
        assertThat(at(config + " start_epoch: 12", epoch - 12, step, 8))
            .as("epoch %d, step %d", epoch, step)
            .isEqualTo(at(config, epoch, step));
      }
    }
  }

  @Test
  void fineTuningHasOneRate() {
    for (int epoch = 0; epoch < 20; epoch++) {
      assertThat(at("initial: 0.001 constant {}", epoch, 9)).isEqualTo(0.001);
    }
  }
}
