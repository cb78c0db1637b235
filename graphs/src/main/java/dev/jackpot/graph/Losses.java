package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** Losses and counts over a batch of logits. */
public final class Losses {
  private Losses() {}

  /**
   * What a label makes of each class's target.
   *
   * @param on of the class that is the label
   * @param off of every other class
   */
  public record Targets(double on, double off) {
    /** One-hot. */
    public static final Targets HARD = new Targets(1, 0);

    /**
     * (1 − ε) · one-hot + ε / classes (Szegedy et al. 2016).
     *
     * @param smoothing ε in [0, 1)
     */
    public static Targets smoothed(double smoothing, int classes) {
      return new Targets(1 - smoothing + smoothing / classes, smoothing / classes);
    }

    /**
     * 1 − ε and ε / (classes − 1): the same as {@link #smoothed} with ε · classes / (classes − 1).
     *
     * @param smoothing ε in [0, 1)
     * @param classes at least 2
     */
    public static Targets smoothedOthers(double smoothing, int classes) {
      return new Targets(1 - smoothing, smoothing / (classes - 1));
    }
  }

  /**
   * Mean softmax cross-entropy against smoothed one-hot targets, {@link Targets#smoothed}.
   *
   * @param smoothing ε in [0, 1)
   */
  public static <T extends TFloating> Operand<T> crossEntropy(
      Ops tf, Operand<T> logits, Operand<TInt32> labels, int classes, double smoothing) {
    return crossEntropy(tf, logits, labels, classes, Targets.smoothed(smoothing, classes));
  }

  /**
   * Mean softmax cross-entropy.
   *
   * @param logits [batch, classes]
   * @param labels [batch], in [0, classes); one outside gives the target {@code off} everywhere
   * @return scalar, in nats
   */
  public static <T extends TFloating> Operand<T> crossEntropy(
      Ops tf, Operand<T> logits, Operand<TInt32> labels, int classes, Targets each) {
    Class<T> type = logits.type();
    Operand<T> on = number(tf, each.on(), type);
    Operand<T> off = number(tf, each.off(), type);
    Operand<T> targets = tf.oneHot(labels, tf.constant(classes), on, off);
    if (type == TFloat32.class) {
      return tf.math.mean(
          tf.nn.softmaxCrossEntropyWithLogits(logits, targets).loss(), tf.constant(0));
    }
    // the fused op has gradients in float32 only
    Operand<T> sums = tf.reduceSum(tf.math.mul(targets, tf.nn.logSoftmax(logits)), tf.constant(1));
    return tf.math.neg(tf.math.mean(sums, tf.constant(0)));
  }

  /** How many of a batch have their largest logit at the label: scalar. */
  public static Operand<TInt32> correct(
      Ops tf, Operand<? extends TFloating> logits, Operand<TInt32> labels) {
    Operand<TInt32> predicted = tf.math.argMax(logits, tf.constant(1), TInt32.class);
    return tf.reduceSum(
        tf.dtypes.cast(tf.math.equal(predicted, labels), TInt32.class), tf.constant(0));
  }

  private static <T extends TFloating> Operand<T> number(Ops tf, double value, Class<T> type) {
    return tf.dtypes.cast(tf.constant(value), type);
  }
}
