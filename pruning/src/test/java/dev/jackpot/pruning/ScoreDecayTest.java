package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/**
 * Property 12 of section 8 of the lottery jackpots paper's notes: a score without gradient, v ← μv
 * + λs, s ← s − ηv, shrinks by a factor with a closed form, the same for every score, so that decay
 * alone changes no mask.
 */
class ScoreDecayTest {
  /**
   * s after k steps from s = 1, v = 0. With s_k+1 = (1 + μ − ηλ) s_k − μ s_k−1 and the roots a, b
   * of x² = (1 + μ − ηλ) x − μ: s_k = ((s_1 − b) a^k − (s_1 − a) b^k) / (a − b), s_1 = 1 − ηλ. For
   * real roots.
   */
  private static double closedForm(double rate, double momentum, double decay, int steps) {
    double p = 1 + momentum - rate * decay;
    double root = Math.sqrt(p * p - 4 * momentum);
    double a = (p + root) / 2;
    double b = (p - root) / 2;
    double first = 1 - rate * decay;
    return ((first - b) * Math.pow(a, steps) - (first - a) * Math.pow(b, steps)) / (a - b);
  }

  private static double recursion(double rate, double momentum, double decay, int steps) {
    double s = 1;
    double v = 0;
    for (int i = 0; i < steps; i++) {
      v = momentum * v + decay * s;
      s -= rate * v;
    }
    return s;
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0.9, 5e-4", "0.1, 0.9, 1e-4", "0.1, 0, 5e-4", "0.05, 0.5, 1e-2"})
  void recursionHasAClosedForm_12(double rate, double momentum, double decay) {
    for (int steps : new int[] {1, 2, 10, 100, 5880}) {
      double expected = recursion(rate, momentum, decay, steps);
      assertThat(closedForm(rate, momentum, decay, steps))
          .isCloseTo(expected, within(1e-9 * expected));
    }
  }

  @Test
  void oneStepByHand() {
    assertThat(closedForm(0.1, 0, 0.5, 1)).isCloseTo(0.95, within(1e-12));
    assertThat(closedForm(0.1, 0, 0.5, 2)).isCloseTo(0.9025, within(1e-12));
    // v = 0.9 · 0.5 + 0.5 · 0.95 = 0.925; s = 0.95 − 0.0925.
    assertThat(recursion(0.1, 0.9, 0.5, 2)).isCloseTo(0.8575, within(1e-12));
  }

  /** The ops a search uses: the momentum op on the gradient 0 + λs. */
  @Test
  void momentumOpDecaysScoresByTheClosedForm_12() {
    float[] start = {1f, 0.99f, -0.5f, 0f};
    float rate = 0.1f;
    float momentum = 0.9f;
    float decay = 5e-3f;
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape shape = Shape.of(start.length);
      var score = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName("score"));
      var slot = tf.varHandleOp(TFloat32.class, shape, VarHandleOp.sharedName("slot"));
      Op init =
          tf.withControlDependencies(
                  List.of(
                      tf.assignVariableOp(score, tf.constant(start)),
                      tf.assignVariableOp(slot, tf.constant(new float[start.length]))))
              .noOp();
      Operand<TFloat32> gradient =
          tf.math.mul(tf.readVariableOp(score, TFloat32.class), tf.constant(decay));
      Op step =
          tf.train.resourceApplyMomentum(
              score, slot, tf.constant(rate), gradient, tf.constant(momentum));
      Operand<TFloat32> value = tf.readVariableOp(score, TFloat32.class);
      try (Session session = new Session(graph)) {
        session.runner().addTarget(init).run().close();
        for (int k = 1; k <= 300; k++) {
          session.runner().addTarget(step).run().close();
          double factor = closedForm(rate, momentum, decay, k);
          try (var result = session.runner().fetch(value).run()) {
            TFloat32 scores = (TFloat32) result.get(0);
            for (int i = 0; i < start.length; i++) {
              assertThat((double) scores.getFloat(i)).isCloseTo(start[i] * factor, within(2e-5));
            }
            assertThat(scores.getFloat(0)).as("order is kept").isGreaterThan(scores.getFloat(1));
          }
        }
      }
    }
  }
}
