package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Weights;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.export.WeightMap;
import dev.jackpot.export.WeightMetadata;
import dev.jackpot.export.WeightSource;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.Parameter;
import dev.jackpot.training.data.ChannelNormalization;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/** Where an experiment's first values come from: a weights file, or the initializers. */
public final class StartingValues {
  private StartingValues() {}

  /**
   * A value for every parameter.
   *
   * @throws ConfigException if the weights file does not fit the network or the config, with every
   *     misfit listed
   */
  public static State of(ExperimentParts parts) {
    Experiment experiment = parts.experiment();
    if (experiment.hasWeights()) {
      return new State(load(parts, experiment.getWeights()));
    }
    return new State(
        InitialValues.draw(
            parts.summary().parameters(),
            new Seeds(experiment.getSeed()).of("init"),
            experiment.getRuntime()));
  }

  /**
   * Reads the weights file, if there is one, and drops what it read.
   *
   * @throws ConfigException as {@link #of} would
   */
  static void check(ExperimentParts parts) {
    if (parts.experiment().hasWeights()) {
      load(parts, parts.experiment().getWeights());
    }
  }

  private static Map<String, HostTensor> load(ExperimentParts parts, Weights config) {
    Map<String, Shape> expected = new LinkedHashMap<>();
    for (Parameter p : parts.summary().parameters()) {
      expected.put(p.name(), p.shape());
    }
    try (WeightSource source = WeightFormats.open(Path.of(config.getPath()))) {
      ChannelNormalization normalization = parts.normalization();
      List<String> contradictions =
          WeightMetadata.of(source)
              .contradictions(
                  parts.network().conventions().epsilon(),
                  normalization.mean(),
                  normalization.std());
      if (!contradictions.isEmpty()) {
        throw new ConfigException(contradictions);
      }
      return new WeightMap(config).load(source, expected);
    }
  }
}
