package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.training.run.SheddingLines;
import dev.jackpot.training.run.SheddingMeasurement;
import dev.jackpot.training.run.SheddingMeasurement.Control;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A thousand weights of which global magnitude pruned 300; τ_0.9. */
class ExcessTest {
  private static ShedCounts counts(long live, long shed) {
    List<Long> one = List.of(shed);
    return new ShedCounts(live, one, one, one, one, one);
  }

  private static SheddingMeasurement line(long shed, Optional<Control> control) {
    SheddingMeasurement any = SheddingLines.whole("again", 1, 6, 0);
    return new SheddingMeasurement(
        any.moment(),
        any.cause(),
        any.relative(),
        any.quantiles(),
        any.norm(),
        1000,
        counts(700, shed),
        control,
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static SheddingMeasurement line(long shed, long controls) {
    return line(shed, Optional.of(new Control(0.5, counts(1000, controls), List.of())));
  }

  @Test
  void magnitudePruningItselfShedsNothing() {
    // (0.9 − 0.3) / (1 − 0.3) = 600 / 700 of the live weights, 900 / 1000 of the control's
    SheddingMeasurement start = line(600, 900);
    Excess excess = Excess.global(start, c -> c.global().get(0));
    assertThat(excess.at(start)).isZero();
    assertThat(excess.amplification(start)).isZero();
    // 35 of 700 more, the control 20 of 1000: 5 − 2 points, 21 weights for 300
    SheddingMeasurement later = line(635, 920);
    assertThat(excess.at(later)).isCloseTo(0.03, within(1e-12));
    assertThat(excess.amplification(later)).isCloseTo(0.07, within(1e-12));
  }

  @Test
  void relativeMeasuresAreComparedWithTheControlsLevel() {
    Excess excess = Excess.relative(line(0, 50), c -> c.relative().get(0));
    assertThat(excess.at(line(0, 50))).isCloseTo(-0.05, within(1e-12));
    assertThat(excess.at(line(140, 100))).isCloseTo(0.1, within(1e-12));
  }

  @Test
  void withoutAControlTheStartIsTheMeasure() {
    SheddingMeasurement start = line(70, Optional.empty());
    for (Excess excess :
        List.of(
            Excess.global(start, c -> c.global().get(0)),
            Excess.relative(start, c -> c.relative().get(0)))) {
      assertThat(excess.at(line(140, Optional.empty()))).isCloseTo(0.1, within(1e-12));
      assertThat(excess.amplification(line(140, Optional.empty()))).isNaN();
    }
    // a control that nobody measured at the start
    assertThat(Excess.global(start, c -> c.global().get(0)).at(line(140, 100))).isNaN();
  }
}
