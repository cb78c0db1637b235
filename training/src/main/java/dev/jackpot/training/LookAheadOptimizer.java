package dev.jackpot.training;

import dev.jackpot.config.proto.LookAheadScale;
import java.util.Arrays;

/**
 * Adam on the scale factors: separate first moments for steps on the objective and steps on the
 * constraint, each corrected by its own count, and one second moment of both, corrected by both
 * (Zhu et al. 2021, as released). Derivatives are clipped first, factors end no lower than their
 * floor.
 */
final class LookAheadOptimizer {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final LookAheadScale options;
  private final double[] floor;
  private final double[] alpha;
  private final double[] second;
  private final Moment objective;
  private final Moment constraint;

  /** A first moment and how many steps it has seen. */
  private static final class Moment {
    private final double[] values;
    private int steps;

    Moment(int size) {
      values = new double[size];
    }
  }

  /**
   * @param floor the least value of each factor; they start at 1
   */
  LookAheadOptimizer(LookAheadScale options, double[] floor) {
    this.options = options;
    this.floor = floor.clone();
    this.alpha = new double[floor.length];
    Arrays.fill(alpha, 1);
    this.second = new double[floor.length];
    this.objective = new Moment(floor.length);
    this.constraint = new Moment(floor.length);
  }

  /** The factors as they are now; a copy. */
  double[] factors() {
    return alpha.clone();
  }

  /** How many steps were on the constraint. */
  int constraintSteps() {
    return constraint.steps;
  }

  /**
   * α ← max(α − rate · m̂ / (√v̂ + ε), floor).
   *
   * @param derivative by each factor
   * @param constrained of the gradient's norm, not of the objective
   */
  void step(double[] derivative, boolean constrained) {
    Moment first = constrained ? constraint : objective;
    first.steps++;
    int all = objective.steps + constraint.steps;
    double correction1 = 1 - Math.pow(BETA1, first.steps);
    double correction2 = 1 - Math.pow(BETA2, all);
    for (int k = 0; k < alpha.length; k++) {
      double d = Math.max(-options.getClip(), Math.min(options.getClip(), derivative[k]));
      first.values[k] = BETA1 * first.values[k] + (1 - BETA1) * d;
      second[k] = BETA2 * second[k] + (1 - BETA2) * d * d;
      double denominator = Math.sqrt(second[k] / correction2) + EPSILON;
      double moved =
          alpha[k] - options.getLearningRate() * (first.values[k] / correction1) / denominator;
      alpha[k] = Math.max(moved, floor[k]);
    }
  }
}
