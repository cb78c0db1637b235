package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * The block of MobileNetV2 (Sandler et al. 2018, section 3.3) and V3 (Howard et al. 2019, section
 * 3): 1×1 expansion, depthwise convolution, squeeze-excite, 1×1 projection without an activation;
 * the input is added where the shapes agree. An expansion to as many channels as there are is left
 * out.
 *
 * <p>Names below its own: {@code expand}, {@code expand_bn}, {@code depthwise}, {@code
 * depthwise_bn}, {@code squeeze_excite/reduce}, {@code squeeze_excite/expand}, {@code project},
 * {@code project_bn}.
 *
 * @param size of the depthwise kernel, odd
 * @param stride of the depthwise convolution
 * @param expanded channels of the depthwise convolution
 * @param filters of the projection
 * @param squeezed channels of squeeze-excite, 0 for none
 * @param slope of squeeze-excite's gate
 * @param activation after expansion and depthwise convolution
 */
record InvertedResidual(
    int size,
    int stride,
    int expanded,
    int filters,
    int squeezed,
    double slope,
    Activation activation) {

  /** With a 3×3 kernel and without squeeze-excite: MobileNetV2's. */
  static InvertedResidual plain(int stride, int expanded, int filters, Activation activation) {
    return new InvertedResidual(
        3, stride, expanded, filters, 0, Layers.HARD_SIGMOID_SLOPE, activation);
  }

  <T extends TFloating> Operand<T> lay(Layers<T> layers, String name, Operand<T> x) {
    long channels = x.shape().get(3);
    Operand<T> y = x;
    if (expanded != channels) {
      y = layers.convolution(name + "/expand", y, expanded, 1, 1);
      y = activation.normed(layers, name + "/expand_bn", y);
    }
    y = layers.depthwise(name + "/depthwise", y, size, stride);
    y = activation.normed(layers, name + "/depthwise_bn", y);
    if (squeezed > 0) {
      y = layers.squeezeExcite(name + "/squeeze_excite", y, squeezed, slope);
    }
    y = layers.convolution(name + "/project", y, filters, 1, 1);
    y = layers.batchNorm(name + "/project_bn", y);
    return stride == 1 && channels == filters ? layers.add(x, y) : y;
  }
}
