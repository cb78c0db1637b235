package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A network: lays its layers from images to logits. One class per family, one line in {@link
 * Networks}.
 */
public interface Network {
  /**
   * Lays the network.
   *
   * @param layers makes layers and their parameters
   * @param images [batch, height, width, channels], normalised
   * @param classes number of logits
   * @return logits, [batch, classes]
   */
  <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes);

  /**
   * Padding, biases and batch norm as this network's layers have them unless they say otherwise.
   */
  Conventions conventions();

  /** Short name for people, for instance "ResNet-20 (width 16, shortcut A)". */
  String title();
}
