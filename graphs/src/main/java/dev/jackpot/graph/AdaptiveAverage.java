package dev.jackpot.graph;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Average pooling to a number of bins whatever the image's size, as PyTorch's {@code
 * AdaptiveAvgPool2d} forms them: of n pixels, bin i of b averages those from ⌊i·n/b⌋ to before ⌈(i
 * + 1)·n/b⌉. Bins overlap where b does not divide n; with fewer pixels than bins they repeat.
 */
final class AdaptiveAverage {
  private AdaptiveAverage() {}

  /** [batch, height, width, channels] → [batch, bins, bins, channels]. */
  static <T extends TFloating> Operand<T> of(Ops tf, Class<T> type, Operand<T> x, int bins) {
    if (x.shape().get(1) == bins && x.shape().get(2) == bins) {
      return x;
    }
    Operand<T> rows = matrix(tf, type, x.shape().get(1), bins);
    Operand<T> columns = matrix(tf, type, x.shape().get(2), bins);
    Operand<T> y = tf.linalg.einsum(List.of(x, rows), "nhwc,ph->npwc");
    return tf.linalg.einsum(List.of(y, columns), "npwc,qw->npqc");
  }

  private static <T extends TFloating> Operand<T> matrix(
      Ops tf, Class<T> type, long pixels, int bins) {
    return tf.dtypes.cast(tf.constant(weights(Math.toIntExact(pixels), bins)), type);
  }

  /** [bins, pixels]: what each pixel of a line contributes to each bin; rows sum to 1. */
  static double[][] weights(int pixels, int bins) {
    double[][] weights = new double[bins][pixels];
    for (int bin = 0; bin < bins; bin++) {
      int from = bin * pixels / bins;
      int to = ((bin + 1) * pixels + bins - 1) / bins;
      for (int pixel = from; pixel < to; pixel++) {
        weights[bin][pixel] = 1. / (to - from);
      }
    }
    return weights;
  }
}
