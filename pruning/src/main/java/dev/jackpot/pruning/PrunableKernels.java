package dev.jackpot.pruning;

import dev.jackpot.config.proto.Prunable;
import dev.jackpot.graph.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Tells which kernels of a network may lose weights. */
public final class PrunableKernels {
  private PrunableKernels() {}

  /**
   * The kernels that {@code options} leaves prunable.
   *
   * @param parameters of the network in the order they were laid; the first kernel among them is
   *     the first layer's
   * @return in the same order
   * @throws dev.jackpot.config.ConfigException if a rule of {@code dense} matches no kernel
   */
  public static List<Parameter> of(Prunable options, Collection<Parameter> parameters) {
    List<Parameter> kernels = parameters.stream().filter(p -> p.role().isKernel()).toList();
    Set<String> dense =
        NameRules.matched(
            options.getDenseList(),
            kernels.stream().map(Parameter::name).toList(),
            "prunable.dense[%d]");
    List<Parameter> prunable = new ArrayList<>();
    for (Parameter kernel : kernels) {
      boolean first = kernel == kernels.get(0);
      if (allows(options, kernel)
          && (options.getFirst() || !first)
          && !dense.contains(kernel.name())) {
        prunable.add(kernel);
      }
    }
    return prunable;
  }

  private static boolean allows(Prunable options, Parameter kernel) {
    return switch (kernel.role()) {
      case CLASSIFIER_KERNEL -> options.getClassifier();
      case DEPTHWISE_KERNEL -> options.getDepthwise();
      case SQUEEZE_EXCITE_KERNEL -> options.getSqueezeExcite();
      default -> true;
    };
  }
}
