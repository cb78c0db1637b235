package dev.jackpot.training;

import dev.jackpot.graph.Conventions;
import dev.jackpot.graph.Layers;
import dev.jackpot.graph.Network;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * Dense layers with one activation between them and no batch norm: runs in float64.
 *
 * @param hidden units of the hidden layers
 * @param smooth tanh instead of ReLU
 */
record PlainNetwork(List<Integer> hidden, boolean smooth) implements Network {
  @Override
  public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
    Operand<T> x = layers.flatten(images);
    for (int i = 0; i < hidden.size(); i++) {
      x = layers.dense("hidden" + i, x, hidden.get(i));
      x = smooth ? layers.tf().math.tanh(x) : layers.relu(x);
    }
    return layers.classifier("linear", x, classes);
  }

  @Override
  public Conventions conventions() {
    return Conventions.PYTORCH;
  }

  @Override
  public String title() {
    return "dense layers " + hidden;
  }
}
