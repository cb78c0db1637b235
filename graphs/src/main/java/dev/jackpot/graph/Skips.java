package dev.jackpot.graph;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Ghost skips of one forward pass: α · batchNorm(1×1 convolution), without a bias, beside a
 * convolution (Jaiswal et al. 2022, section 3).
 *
 * @param <T> element type
 */
final class Skips<T extends TFloating> {
  /** All weights start equal and tiny: ε decides how far the norm pulls them up, not its users. */
  static final double EPSILON = 1e-5;

  private final Ops tf;
  private final Kernels<T> kernels;
  private final Frame<T> frame;
  private final Norms<T> norms;

  Skips(Ops tf, Variables<T> variables, Frame<T> frame, Norms<T> norms) {
    this.tf = tf;
    this.kernels = new Kernels<>(tf, variables, p -> KernelForm.DENSE, new Pass<>(tf));
    this.frame = frame;
    this.norms = norms;
  }

  /**
   * What the convolution and its norm give, and the skip.
   *
   * @param name of the convolution; the skip's parameters are {@code name/ghost/kernel}, {@code
   *     name/ghost/gamma}, …
   * @param x what the convolution takes
   * @param stride of the convolution
   * @param y what it gives, before its activation
   * @param factor α, scalar
   */
  Operand<T> around(String name, Operand<T> x, int stride, Operand<T> y, Operand<T> factor) {
    String own = name + "/ghost";
    Shape shape = Shape.of(1, 1, x.shape().get(3), y.shape().get(3));
    Operand<T> kernel = kernels.kernel(own + "/kernel", Role.CONVOLUTION_KERNEL, shape);
    Frame.Framed<T> in = frame.convolved(own, x, 1, stride);
    Operand<T> skip = tf.nn.conv2d(in.x(), kernel, Frame.strides(in.stride()), in.padding());
    skip = norms.of(kernels, own, skip, EPSILON);
    return tf.math.add(y, tf.math.mul(skip, factor));
  }

  /** The parameters of all skips so far, by name. */
  Map<String, Ghost<T>> ghosts() {
    return kernels.ghosts();
  }
}
