package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.LookAheadScale;
import org.junit.jupiter.api.Test;

class LookAheadOptimizerTest {
  private static final LookAheadScale OPTIONS =
      LookAheadScale.newBuilder().setLearningRate(.1).build();

  /** By hand: after the first step m̂ = d and √v̂ = |d|, so each factor moves by the rate. */
  @Test
  void theFirstStepIsTheRate() {
    LookAheadOptimizer optimizer = new LookAheadOptimizer(OPTIONS, new double[3]);
    optimizer.step(new double[] {.5, -.02, 0}, false);
    assertThat(optimizer.factors()).containsExactly(new double[] {.9, 1.1, 1}, within(1e-6));
  }

  /**
   * By hand. Objective step of 0.5, then constraint step of −1: the first moment is the
   * constraint's alone, −0.1 / (1 − 0.9) = −1; v̂ = (0.999 · 0.00025 + 0.001) / (1 − 0.999²).
   */
  @Test
  void momentsAreSeparateAndTheSecondIsShared() {
    LookAheadOptimizer optimizer = new LookAheadOptimizer(OPTIONS, new double[1]);
    optimizer.step(new double[] {.5}, false);
    optimizer.step(new double[] {-1}, true);
    double second = (.999 * .001 * .25 + .001) / (1 - .999 * .999);
    assertThat(optimizer.factors()[0]).isCloseTo(.9 + .1 / Math.sqrt(second), within(1e-6));
    assertThat(optimizer.constraintSteps()).isEqualTo(1);
  }

  @Test
  void derivativesAreClipped() {
    LookAheadOptimizer far = new LookAheadOptimizer(OPTIONS, new double[1]);
    LookAheadOptimizer near = new LookAheadOptimizer(OPTIONS, new double[1]);
    for (double d : new double[] {-.3, 40, .2}) {
      far.step(new double[] {d}, false);
      near.step(new double[] {Math.min(d, 1)}, false);
    }
    assertThat(far.factors()).containsExactly(near.factors());
  }

  @Test
  void factorsStayAboveTheirFloor() {
    LookAheadOptimizer optimizer = new LookAheadOptimizer(OPTIONS, new double[] {.01, 0});
    for (int i = 0; i < 50; i++) {
      optimizer.step(new double[] {1, 1}, i % 2 == 0);
    }
    assertThat(optimizer.factors()).containsExactly(.01, 0);
  }
}
