package dev.jackpot.graph.wiring;

import dev.jackpot.config.proto.WiredLayer.Kind;
import java.util.Map;
import java.util.Optional;

/**
 * What a layer makes of constants: the numbers of biases, norms and kernels, where they are known.
 * Without them every such number is taken to be one that nothing cancels.
 */
public interface Constants {
  /** Nothing is known. */
  Constants UNKNOWN = name -> Optional.empty();

  /** The values of a parameter, row-major; empty if they are not known. */
  Optional<float[]> of(String parameter);

  /** Of these values. */
  static Constants of(Map<String, float[]> values) {
    return name -> Optional.ofNullable(values.get(name));
  }

  /** φ(x) of an activation without parameters. */
  static double activated(Kind kind, double x) {
    return switch (kind) {
      case RELU -> Math.max(x, 0);
      case RELU6 -> Math.min(Math.max(x, 0), 6);
      case HARD_SIGMOID -> gate(x, 1. / 6);
      case HARD_SWISH -> x * gate(x, 1. / 6);
      default -> throw new IllegalArgumentException(kind + " is no activation");
    };
  }

  /** min(max(x + 3, 0), 6) · slope. */
  static double gate(double x, double slope) {
    return Math.min(Math.max(x + 3, 0), 6) * slope;
  }
}
