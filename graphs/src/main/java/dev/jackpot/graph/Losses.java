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
   * Mean softmax cross-entropy against smoothed one-hot targets: target = (1 − ε) · one-hot + ε /
   * classes.
   *
   * @param logits [batch, classes]
   * @param labels [batch], in [0, classes); one outside gives a target of ε / classes everywhere
   * @param smoothing ε in [0, 1)
   * @return scalar, in nats
   */
  public static <T extends TFloating> Operand<T> crossEntropy(
      Ops tf, Operand<T> logits, Operand<TInt32> labels, int classes, double smoothing) {
    Class<T> type = logits.type();
    Operand<T> on = number(tf, 1 - smoothing + smoothing / classes, type);
    Operand<T> off = number(tf, smoothing / classes, type);
    Operand<T> targets = tf.oneHot(labels, tf.constant(classes), on, off);
    if (type == TFloat32.class) {
      return tf.math.mean(
          tf.nn.softmaxCrossEntropyWithLogits(logits, targets).loss(), tf.constant(0));
    }
    // the fused op has gradients in float32 only
    Operand<T> each = tf.reduceSum(tf.math.mul(targets, tf.nn.logSoftmax(logits)), tf.constant(1));
    return tf.math.neg(tf.math.mean(each, tf.constant(0)));
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
