package dev.jackpot.graph;

import dev.jackpot.config.proto.Network.Padding;
import dev.jackpot.graph.Conventions.Pooling;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Padding around images, [batch, height, width, channels], under a network's conventions. Windows
 * that end outside are padded by an op of their own only where the convention is not TensorFlow's.
 *
 * @param <T> element type
 */
final class Frame<T extends TFloating> {
  private final Ops tf;
  private final Class<T> type;
  private final Conventions conventions;
  private final Pass<T> pass;

  Frame(Ops tf, Class<T> type, Conventions conventions, Pass<T> pass) {
    this.tf = tf;
    this.type = type;
    this.conventions = conventions;
    this.pass = pass;
  }

  /** An input and the padding attribute its op has to be given. */
  record Framed<T extends TFloating>(Operand<T> x, String padding, int stride) {}

  /**
   * For a convolution with an odd kernel. At stride 1 the conventions are the same. A strided 1×1
   * convolution becomes one without strides on the pixels it reads: with 8 input channels, an odd
   * batch and more than one thread TensorFlow 2.18's gradients of the strided one write beyond
   * their memory (oneDNN).
   *
   * @param layer for messages
   * @throws SmallImageException if the stride is larger than the image
   */
  Framed<T> convolved(String layer, Operand<T> x, int size, int stride) {
    requireRoom(layer, x, stride);
    if (size == 1) {
      return new Framed<>(subsampled(x, stride), "SAME", 1);
    }
    if (stride == 1 || conventions.padding() == Padding.SAME) {
      return new Framed<>(x, "SAME", stride);
    }
    return new Framed<>(space(x, (size - 1) / 2, 0), "VALID", stride);
  }

  private static void requireRoom(String layer, Operand<?> x, int stride) {
    long height = x.shape().get(1);
    long width = x.shape().get(2);
    if (height < stride || width < stride) {
      throw new SmallImageException(layer, stride, height, width);
    }
  }

  /**
   * The largest value of each window: [batch, ⌈height/stride⌉, ⌈width/stride⌉, channels].
   *
   * @param layer for messages
   * @throws SmallImageException if the stride is larger than the image
   */
  Operand<T> maxPool(String layer, Operand<T> x, int size, int stride) {
    requireRoom(layer, x, stride);
    int pixels = (size - 1) / 2;
    Framed<T> framed = new Framed<>(x, "SAME", stride);
    if (pixels == 0) {
      framed = new Framed<>(x, "VALID", stride);
    } else if (conventions.pooling() != Pooling.SAME) {
      double around = conventions.pooling() == Pooling.ZEROS ? 0 : -Float.MAX_VALUE;
      framed = new Framed<>(space(x, pixels, around), "VALID", stride);
    }
    return pass.maxPool(framed.x(), size, stride, framed.padding());
  }

  /** Every {@code stride}-th pixel of both axes, starting with the first. */
  Operand<T> subsampled(Operand<T> x, int stride) {
    return stride == 1
        ? x
        : tf.stridedSlice(
            x, Indices.all(), Indices.step(stride), Indices.step(stride), Indices.all());
  }

  /** {@code pixels} more on all four sides. */
  private Operand<T> space(Operand<T> x, int pixels, double value) {
    return pad(x, new int[][] {{0, 0}, {pixels, pixels}, {pixels, pixels}, {0, 0}}, value);
  }

  /** Zero channels added before and after. */
  Operand<T> channels(Operand<T> x, int before, int after) {
    return pad(x, new int[][] {{0, 0}, {0, 0}, {0, 0}, {before, after}}, 0);
  }

  /** The channels of {@code x} at {@code positions} among zeros, by a 1×1 convolution of ones. */
  Operand<T> scattered(Operand<T> x, List<Integer> positions, int channels) {
    int[] places = positions.stream().mapToInt(p -> p).toArray();
    Operand<T> one = tf.dtypes.cast(tf.constant(1f), type);
    Operand<T> zero = tf.dtypes.cast(tf.constant(0f), type);
    Operand<T> matrix = tf.oneHot(tf.constant(places), tf.constant(channels), one, zero);
    Operand<T> kernel = tf.reshape(matrix, tf.constant(new int[] {1, 1, places.length, channels}));
    return tf.nn.conv2d(x, tf.stopGradient(kernel), strides(1), "VALID");
  }

  private Operand<T> pad(Operand<T> x, int[][] amounts, double value) {
    return tf.pad(x, tf.constant(amounts), tf.dtypes.cast(tf.constant(value), type));
  }

  /** Strides of an op over height and width. */
  static List<Long> strides(int stride) {
    return List.of(1L, (long) stride, (long) stride, 1L);
  }
}
