package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;

/**
 * Whether logits count as equal.
 *
 * @param tolerance largest difference of a logit, over the largest logit of those expected
 */
record LogitComparison(double tolerance) {
  /**
   * Largest difference of a logit over the largest logit of {@code expected}.
   *
   * @param what gave {@code found}, [images, classes]
   * @param other gave {@code expected}
   * @throws JackpotException if that is beyond the tolerance
   */
  double require(String what, HostTensor found, String other, HostTensor expected) {
    int worst = worst(found, expected);
    double relative = relativeDifference(found, expected);
    if (!(relative <= tolerance)) {
      int classes = (int) expected.shape().get(1);
      throw new JackpotException(
          "the exported model differs: %s gives logit %s for image %d, class %d, where %s gives %s; relative to the largest logit %.3g, allowed %.3g"
              .formatted(
                  what,
                  found.values()[worst],
                  worst / classes,
                  worst % classes,
                  other,
                  expected.values()[worst],
                  relative,
                  tolerance));
    }
    return relative;
  }

  /** Infinite if a logit is not a number. */
  static double relativeDifference(HostTensor found, HostTensor expected) {
    double largest = 0;
    for (float logit : expected.values()) {
      largest = Math.max(largest, Math.abs(logit));
    }
    int worst = worst(found, expected);
    double difference = difference(found, expected, worst);
    return difference == 0 ? 0 : difference / largest;
  }

  /** Images whose largest logit is another class's. */
  static int labelsDiffering(HostTensor found, HostTensor expected) {
    int classes = (int) expected.shape().get(1);
    int differing = 0;
    for (int i = 0; i < expected.shape().get(0); i++) {
      differing += largest(found, i, classes) == largest(expected, i, classes) ? 0 : 1;
    }
    return differing;
  }

  private static int largest(HostTensor logits, int image, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best =
          logits.values()[image * classes + c] > logits.values()[image * classes + best] ? c : best;
    }
    return best;
  }

  private static int worst(HostTensor found, HostTensor expected) {
    int worst = 0;
    for (int i = 1; i < expected.values().length; i++) {
      worst = difference(found, expected, i) > difference(found, expected, worst) ? i : worst;
    }
    return worst;
  }

  /** A difference that is not a number is worse than any. */
  private static double difference(HostTensor found, HostTensor expected, int i) {
    double difference = Math.abs((double) found.values()[i] - expected.values()[i]);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }
}
