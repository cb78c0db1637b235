package dev.jackpot.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/** Shapes for people. */
final class Shapes {
  private Shapes() {}

  /** {@code 3×3×16×32}; {@code scalar} of rank 0. */
  static String text(Shape shape) {
    return shape.numDimensions() == 0
        ? "scalar"
        : Arrays.stream(shape.asArray())
            .mapToObj(d -> d < 0 ? "?" : String.valueOf(d))
            .collect(Collectors.joining("×"));
  }
}
