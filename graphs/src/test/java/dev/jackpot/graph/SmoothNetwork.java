package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Two tanh convolutions and a classifier: smooth and without fused ops, so that it runs in float64.
 */
final class SmoothNetwork implements Network {
  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    Operand<T> x = layers.tf().math.tanh(layers.convolution("conv1", images, 4, 3, 1));
    x = layers.tf().math.tanh(layers.convolution("conv2", x, 5, 3, 2));
    return layers.classifier("linear", layers.globalAverage(x), classes);
  }

  @Override
  public Conventions conventions() {
    return Conventions.PYTORCH;
  }

  @Override
  public String title() {
    return "two tanh convolutions";
  }
}
