package dev.jackpot.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * What a network consists of, without a graph.
 *
 * @param title for people
 * @param parameters in the order they are laid
 * @param costs of its kernels, in the order they are laid
 * @param norms the batch norms that follow layers directly, by the name of the layer's kernel
 */
public record NetworkSummary(
    String title,
    List<Parameter> parameters,
    List<LayerCost> costs,
    Map<String, FollowingNorm> norms) {
  /** Finds it out by laying the network in a graph of its own. */
  public static NetworkSummary of(Network network, NetworkSpec spec) {
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, network, spec, p -> KernelForm.DENSE);
      Tower<TFloat32> tower =
          model.lay(
              model.tf().placeholder(TFloat32.class, Placeholder.shape(spec.images(-1))),
              Phase.INFERENCE);
      Map<String, FollowingNorm> norms = new LinkedHashMap<>();
      tower
          .outputs()
          .forEach((kernel, output) -> output.norm().ifPresent(n -> norms.put(kernel, n)));
      return new NetworkSummary(
          network.title(), List.copyOf(tower.parameters().values()), tower.costs(), norms);
    }
  }

  /** The kernels, in the order they are laid. */
  public List<Parameter> kernels() {
    return parameters.stream().filter(p -> p.role().isKernel()).toList();
  }

  /** Number of trainable values: running averages are not counted. */
  public long parameterCount() {
    return parameters.stream().filter(p -> !p.role().isAverage()).mapToLong(Parameter::size).sum();
  }

  /** Multiply-accumulates of one image with every weight kept. */
  public long multiplyAccumulates() {
    return costs.stream().mapToLong(LayerCost::dense).sum();
  }
}
