package dev.jackpot.cli;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.export.WeightMap;
import dev.jackpot.export.WeightSource;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.training.NetworkSpecs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;

/** The weights of a config's network, from a file that the command line names. */
final class NetworkWeights {
  private static final String CONFIG = "config.textproto";

  private NetworkWeights() {}

  /** The config that lies beside a run's weights. */
  static Optional<Experiment> ownConfig(Path weights, List<String> sets) {
    Path own = weights.resolve(CONFIG);
    return Files.isRegularFile(own)
        ? Optional.of(ExperimentLoader.loadTemplate(own.toString(), sets))
        : Optional.empty();
  }

  /** The config with these weights in place of its own. */
  static Experiment with(Experiment experiment, Path weights) {
    return experiment.toBuilder()
        .setWeights(experiment.getWeights().toBuilder().setPath(weights.toString()))
        .build();
  }

  /** The config's network. */
  static NetworkSummary network(Experiment experiment) {
    return NetworkSummary.of(
        Networks.REGISTRY.create(experiment.getNetwork()), NetworkSpecs.of(experiment));
  }

  /**
   * A value for every parameter, renamed as the config says.
   *
   * @throws dev.jackpot.config.ConfigException if the file does not fit the network
   */
  static Map<String, HostTensor> read(Path weights, Experiment experiment, NetworkSummary network) {
    Map<String, Shape> expected = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters()) {
      expected.put(parameter.name(), parameter.shape());
    }
    try (WeightSource file = WeightFormats.open(weights)) {
      return new WeightMap(experiment.getWeights()).load(file, expected);
    }
  }
}
