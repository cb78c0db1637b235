package dev.jackpot.graph;

import java.util.Arrays;
import org.tensorflow.ndarray.Shape;

/**
 * A float32 tensor's values held in Java, row-major. The array is not copied; whoever makes one
 * hands it over.
 *
 * @param shape fully known
 * @param values as many as the shape has elements
 */
public record HostTensor(Shape shape, float[] values) {
  public HostTensor {
    if (shape.size() != values.length) {
      throw new IllegalArgumentException(
          "shape %s has %d elements, found %d values"
              .formatted(shape, shape.size(), values.length));
    }
  }

  /** A tensor of one value everywhere. */
  public static HostTensor filled(Shape shape, float value) {
    float[] values = new float[Math.toIntExact(shape.size())];
    Arrays.fill(values, value);
    return new HostTensor(shape, values);
  }

  /** Number of elements that are not zero. */
  public long nonzero() {
    long count = 0;
    for (float v : values) {
      if (v != 0) {
        count++;
      }
    }
    return count;
  }

  /** Bit for bit equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof HostTensor t
        && shape.equals(t.shape)
        && Arrays.equals(values, t.values);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "HostTensor" + shape;
  }
}
