package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.export.ScoreFiles;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the scores of a search that a criterion names. */
final class SearchedScores {
  private SearchedScores() {}

  /**
   * Of a file: the one that is named, or the experiment's weights.
   *
   * @return by kernel name
   * @throws ConfigException if it is a stage that is named, or nothing is there
   */
  static Map<String, HostTensor> ofFile(Experiment experiment, ScoresCriterion source) {
    if (source.hasStage()) {
      throw new ConfigException(
          "criterion.scores.stage: found \"%s\", expected a path: stages are known within a run only"
              .formatted(source.getStage()));
    }
    if (!source.hasPath() && experiment.getWeights().getPath().isEmpty()) {
      throw new ConfigException(
          "criterion.scores: found neither path nor stage, and the experiment has no weights");
    }
    return ScoreFiles.read(
        Path.of(source.hasPath() ? source.getPath() : experiment.getWeights().getPath()));
  }

  /** Of a point of the run, by kernel name. */
  static Map<String, HostTensor> of(State state, Collection<Parameter> kernels) {
    Map<String, HostTensor> scores = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      HostTensor found = state.values().get(kernel.score());
      if (found != null) {
        scores.put(kernel.name(), found);
      }
    }
    return scores;
  }
}
