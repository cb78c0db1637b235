package dev.jackpot.pruning;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The scores that a search has trained (lottery jackpots, section 2). The mask that keeps their
 * highest is the search's own where its restriction was {@code none}; under another one the search
 * may have left wanted swaps undone.
 *
 * @param source whose scores
 */
public record SearchedCriterion(ScoresCriterion source) implements Criterion {
  /**
   * @throws ConfigException naming the first kernel that the search had no scores for, or some of
   *     another shape
   */
  @Override
  public Map<String, float[]> scores(ScoringInput input) {
    Map<String, float[]> scores = new LinkedHashMap<>();
    found(input.kernels(), input.network())
        .forEach((kernel, found) -> scores.put(kernel, found.values().clone()));
    return scores;
  }

  @Override
  public void check(List<Parameter> kernels, NetworkGradients network) {
    found(kernels, network);
  }

  /** By kernel name, in the order of the kernels. */
  private Map<String, HostTensor> found(List<Parameter> kernels, NetworkGradients network) {
    Map<String, HostTensor> searched = network.searchedScores(source);
    Map<String, HostTensor> scores = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      HostTensor found = searched.get(kernel.name());
      if (found == null) {
        throw new ConfigException(
            ("criterion scores: there are none for kernel \"%s\", only those of the %d that were"
                    + " searched%s; expected it to stay dense (prunable), or a search that has it")
                .formatted(
                    kernel.name(), searched.size(), Names.hint(kernel.name(), searched.keySet())));
      }
      if (!found.shape().equals(kernel.shape())) {
        throw new ConfigException(
            "criterion scores: found scores of shape %s for kernel \"%s\", expected %s"
                .formatted(found.shape(), kernel.name(), kernel.shape()));
      }
      scores.put(kernel.name(), found);
    }
    return scores;
  }
}
