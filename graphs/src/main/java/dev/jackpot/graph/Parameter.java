package dev.jackpot.graph;

import org.tensorflow.ndarray.Shape;

/**
 * A named tensor of a network. The name is stable across versions: checkpoints and masks depend on
 * it.
 *
 * @param name layers separated by '/', then the role: {@code layer1/0/conv1/kernel}
 * @param role what it is to the network
 * @param shape fully known
 */
public record Parameter(String name, Role role, Shape shape) {
  /** Name of the variable that holds this kernel's mask (0 or 1, the kernel's shape). */
  public String mask() {
    return mask(name);
  }

  /** The same of a kernel by its name. */
  public static String mask(String kernel) {
    return kernel + "/mask";
  }

  /** Name of the variable that holds this kernel's scores. */
  public String score() {
    return name + "/score";
  }

  /** Name of the variable that holds the direction in which this kernel is moved. */
  public String direction() {
    return name + "/direction";
  }

  /** Number of elements. */
  public int size() {
    return Math.toIntExact(shape.size());
  }
}
