package dev.jackpot.config;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.MaskRecipe;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.config.proto.SparseTrain;
import dev.jackpot.config.proto.Stage;
import java.util.List;

/**
 * What is pruned stays pruned: a sparsity that falls from stage to stage would fail when its stage
 * begins, perhaps days into a run. Found here as far as the config alone tells: between stages that
 * prune the same kernels in the same units.
 */
final class FallingSparsityRules {
  /** Products of decimals are not exact. */
  private static final double SLACK = 1e-9;

  private double least;
  private MaskRecipe by = MaskRecipe.getDefaultInstance();

  private FallingSparsityRules() {}

  static void check(Experiment experiment, List<At> stages) {
    FallingSparsityRules rules = new FallingSparsityRules();
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = experiment.getStages(i);
      if (stage.hasRepeat()) {
        At repeat = stages.get(i).in("repeat").orElseThrow();
        rules.rounds(stage.getRepeat().getStagesList(), stage.getRepeat().getRounds(), repeat);
      } else {
        rules.stage(stage, stages.get(i));
      }
    }
  }

  /** What falls in a later round falls in the second. */
  private void rounds(List<Stage> stages, int rounds, At at) {
    List<At> places = at.all("stages");
    for (int round = 1; round <= Math.min(2, rounds); round++) {
      for (int i = 0; i < stages.size(); i++) {
        stage(stages.get(i), places.get(i));
      }
    }
  }

  private void stage(Stage stage, At at) {
    if (stage.hasFrom() && stage.getFromMasks() != Stage.FromMasks.PRESENT) {
      least = 0;
    }
    if (stage.hasSearch()) {
      by = MaskRecipes.of(stage.getSearch());
      least = by.getPattern().hasNM() ? 0 : by.getSparsity();
    }
    at.in("prune").ifPresent(in -> prune(stage.getPrune(), in));
    at.in("sparse_train").ifPresent(in -> sparseTrain(stage.getSparseTrain(), in));
  }

  private void sparseTrain(SparseTrain options, At at) {
    if (options.hasFile()) {
      least = 0;
    }
    at.in("prune").ifPresent(in -> prune(options.getPrune(), in));
    at.in("schedule")
        .flatMap(in -> in.in("to"))
        .ifPresent(in -> prune(options.getSchedule().getTo(), in));
  }

  private void prune(Prune options, At at) {
    MaskRecipe recipe = MaskRecipes.of(options);
    boolean comparable =
        recipe.getPrunable().equals(by.getPrunable())
            && recipe.getPattern().equals(by.getPattern())
            && !recipe.getPattern().hasNM();
    double before = comparable ? least : 0;
    by = recipe;
    if (recipe.getPattern().hasNM()) {
      least = 0;
    } else if (options.hasFraction()) {
      least = 1 - (1 - before) * (1 - options.getFraction());
    } else {
      at.require(
          !(options.getSparsity() < before - SLACK),
          "sparsity",
          "at least %s: that is pruned before it, and what is pruned stays so"
              .formatted(Show.scalar(Math.round(before * 1e6) / 1e6)));
      least = Math.max(before, options.getSparsity());
    }
  }
}
