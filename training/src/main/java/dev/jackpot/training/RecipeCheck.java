package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.MaskRecipes;
import dev.jackpot.config.StagePoint;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.ScoresCriterion;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.pruning.Recipe;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds mask recipes of stages that do not fit the network or the data, before any stage has run.
 */
final class RecipeCheck {
  private final ExperimentParts parts;
  private final List<String> problems;
  private final NetworkGradients network;

  /** Which kernels searches have scores for, by stage. */
  private final Map<String, List<Parameter>> searched = new HashMap<>();

  /**
   * @param problems to be added to, each with the stage and the field it is about
   */
  RecipeCheck(ExperimentParts parts, List<String> problems) {
    this.parts = parts;
    this.problems = problems;
    this.network =
        CriterionGradients.of(parts, new State(Map.of()), point -> null).with(this::scores);
  }

  /** Checks a stage's recipes; stages must come in the order they run. */
  void check(Stage stage) {
    String name = ExperimentStages.withoutRound(stage.getName());
    for (Map.Entry<String, MaskRecipe> recipe : MaskRecipes.byField(stage).entrySet()) {
      try {
        List<Parameter> kernels =
            Recipe.of(recipe.getValue()).check(parts.summary().parameters(), network);
        if (stage.hasSearch()) {
          searched.put(name, kernels);
        }
      } catch (ConfigException e) {
        e.problems()
            .forEach(p -> problems.add("stages.%s.%s.%s".formatted(name, recipe.getKey(), p)));
      }
    }
  }

  /**
   * As many scores as there will be, all 0. A stage of another kind, or whose own recipe is wrong,
   * may have them of any kernel.
   */
  private Map<String, HostTensor> scores(ScoresCriterion source) {
    if (!source.hasStage()) {
      return SearchedScores.ofFile(parts.experiment(), source);
    }
    String stage = ExperimentStages.withoutRound(StagePoint.parse(source.getStage()).stage());
    Map<String, HostTensor> scores = new LinkedHashMap<>();
    for (Parameter kernel : searched.getOrDefault(stage, parts.summary().kernels())) {
      scores.put(kernel.name(), HostTensor.filled(kernel.shape(), 0));
    }
    return scores;
  }
}
