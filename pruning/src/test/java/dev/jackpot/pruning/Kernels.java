package dev.jackpot.pruning;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.ndarray.Shape;

/** Kernels of random roles and sizes, and values for them. */
final class Kernels {
  private Kernels() {}

  static Parameter of(String name, Role role, long... shape) {
    return new Parameter(name, role, Shape.of(shape));
  }

  /** A convolution, a dense or a depthwise kernel, of up to a few hundred weights. */
  static Parameter draw(Random random, String name) {
    int in = 1 + random.nextInt(11);
    int out = 1 + random.nextInt(9);
    int taps = 1 + random.nextInt(3);
    return switch (random.nextInt(3)) {
      case 0 -> of(name, Role.CONVOLUTION_KERNEL, taps, 1 + random.nextInt(3), in, out);
      case 1 -> of(name, Role.DENSE_KERNEL, in, out);
      default -> of(name, Role.DEPTHWISE_KERNEL, taps, taps, in, 1 + random.nextInt(2));
    };
  }

  static List<Parameter> draw(Random random, int count) {
    List<Parameter> kernels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      kernels.add(draw(random, "layer%d/kernel".formatted(i)));
    }
    return kernels;
  }

  /** Values of the kinds that {@link Draw} knows. */
  static Map<String, HostTensor> values(Random random, List<Parameter> kernels, int kind) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      values.put(
          kernel.name(), new HostTensor(kernel.shape(), Draw.scores(random, kernel.size(), kind)));
    }
    return values;
  }
}
