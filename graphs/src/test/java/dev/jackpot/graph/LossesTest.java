package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.Losses.Targets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** Cross-entropy and smoothed targets, in float64 and, by the fused op, in float32. */
class LossesTest {
  /** Of one image whose label is class 1. */
  private static double loss(Targets targets, double... logits) {
    return loss(TFloat64.class, targets, new int[] {1}, logits);
  }

  private static <T extends TFloating> double loss(
      Class<T> type, Targets targets, int[] labels, double[]... logits) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<T> loss =
          Losses.crossEntropy(
              tf,
              tf.dtypes.cast(tf.constant(logits), type),
              tf.constant(labels),
              logits[0].length,
              targets);
      Operand<TFloat64> wide = tf.dtypes.cast(loss, TFloat64.class);
      try (Session session = Sessions.open(graph, Runtime.getDefaultInstance());
          Result result = session.runner().fetch(wide).run()) {
        return ((TFloat64) result.get(0)).getDouble();
      }
    }
  }

  /** −Σ target · (logit − ln Σ exp), worked out here, over two images. */
  @ParameterizedTest
  @CsvSource({"0, false", "0.1, false", "0.1, true", "0.4, true"})
  void bothElementTypesGiveTheSmoothedLoss(double epsilon, boolean others) {
    Targets t = others ? Targets.smoothedOthers(epsilon, 3) : Targets.smoothed(epsilon, 3);
    double[][] logits = {{.5, -1, 2}, {3, .25, -.5}};
    int[] labels = {2, 1};
    double expected = 0;
    for (int n = 0; n < 2; n++) {
      double sum = 0;
      for (double logit : logits[n]) {
        sum += Math.exp(logit);
      }
      for (int c = 0; c < 3; c++) {
        double target =
            c == labels[n] ? 1 - epsilon + (others ? 0 : epsilon / 3) : epsilon / (others ? 2 : 3);
        expected -= target * (logits[n][c] - Math.log(sum)) / 2;
      }
    }
    assertThat(loss(TFloat64.class, t, labels, logits)).isCloseTo(expected, within(1e-12));
    assertThat(loss(TFloat32.class, t, labels, logits)).isCloseTo(expected, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "0.1, 10", "0.1, 100", "0.5, 2", "0.99, 3"})
  void targetsSumToOneInBothForms(double epsilon, int classes) {
    for (Targets t :
        new Targets[] {
          Targets.smoothed(epsilon, classes), Targets.smoothedOthers(epsilon, classes)
        }) {
      assertThat(t.on() + (classes - 1) * t.off()).isCloseTo(1, within(1e-12));
      assertThat(t.off()).isNotNegative();
    }
  }

  /** ε of the one is ε · C / (C − 1) of the other: 0.1 is 0.1111 for 10 classes, 0.1010 for 100. */
  @ParameterizedTest
  @CsvSource({"0.1, 10", "0.1, 100", "0.3, 4"})
  void theFormsAreOneUpToEpsilon(double epsilon, int classes) {
    Targets others = Targets.smoothedOthers(epsilon, classes);
    Targets all = Targets.smoothed(epsilon * classes / (classes - 1), classes);
    assertThat(others.on()).isCloseTo(all.on(), within(1e-12));
    assertThat(others.off()).isCloseTo(all.off(), within(1e-12));
  }

  @Test
  void withoutSmoothingTheLossIsTheCrossEntropy() {
    assertThat(Targets.smoothed(0, 3)).isEqualTo(Targets.HARD);
    assertThat(Targets.smoothedOthers(0, 3)).isEqualTo(Targets.HARD);
    double expected = -Math.log(Math.E / (Math.E + 1 + Math.exp(-2)));
    assertThat(loss(Targets.HARD, 0, 1, -2)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void theLeastLossIsTheEntropyOfTheTargets() {
    Targets t = Targets.smoothedOthers(.2, 3);
    double entropy = -(.8 * Math.log(.8) + 2 * .1 * Math.log(.1));
    double least = loss(t, Math.log(.1), Math.log(.8), Math.log(.1));
    assertThat(least).isCloseTo(entropy, within(1e-12));
    assertThat(loss(t, Math.log(.1), Math.log(.81), Math.log(.1))).isGreaterThan(least);
    assertThat(loss(t, Math.log(.1), Math.log(.79), Math.log(.1))).isGreaterThan(least);
    assertThat(loss(t, 0, 50, 0)).isGreaterThan(least);
  }
}
