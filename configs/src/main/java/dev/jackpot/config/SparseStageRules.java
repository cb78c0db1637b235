package dev.jackpot.config;

import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.config.proto.Repeat;
import dev.jackpot.config.proto.SparseTrain;
import dev.jackpot.config.proto.Stage;
import java.util.List;

/** What must hold for the stages that prune, rewind and repeat, and for pruning schedules. */
final class SparseStageRules {
  /** Stages of all rounds together. */
  private static final int MOST_STAGES = 10_000;

  private static final List<String> TRAINING =
      List.of(
          "epochs",
          "batch_size",
          "learning_rate",
          "optimizer",
          "weight_decay",
          "evaluate_every",
          "label_smoothing",
          "label_smoothing_form",
          "label_smoothing_until_epoch",
          "ghosts",
          "rescale",
          "shedding");

  private SparseStageRules() {}

  /** A stage without epochs. */
  static void check(Stage stage, Data data, At at) {
    for (String field : TRAINING) {
      at.require(
          !at.draft().has(at.draft().type().findFieldByName(field)),
          field,
          "none: a stage that prunes, rewinds or repeats trains nothing itself");
    }
    at.in("prune").ifPresent(in -> prune(stage.getPrune(), in));
    at.in("repeat").ifPresent(in -> repeat(stage.getRepeat(), data, in));
    if (stage.hasRepeat()) {
      at.require(!stage.hasFrom(), "from", "none: the stages inside have their own");
    }
  }

  private static void repeat(Repeat repeat, Data data, At at) {
    at.require(
        repeat.getRounds() >= 1 && repeat.getRounds() <= StageRules.MOST_ROUNDS,
        "rounds",
        "an integer from 1 to " + StageRules.MOST_ROUNDS);
    at.require(
        repeat.getStagesCount() > 0,
        "stages",
        "at least one stage, for instance stages { sparse_train {} epochs: 10 }");
    at.require(
        (long) repeat.getStagesCount() * Math.max(1, repeat.getRounds()) <= MOST_STAGES,
        "rounds",
        "at most %d stages in all rounds".formatted(MOST_STAGES));
    List<At> stages = at.all("stages");
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = repeat.getStages(i);
      if (stage.hasRepeat()) {
        stages.get(i).require(false, "repeat", "another kind: a repeat cannot be repeated");
      } else {
        StageRules.check(stage, data, stages.get(i));
      }
    }
  }

  /**
   * @param epochs of the stage; below 1 where they are wrong, which is reported elsewhere
   */
  static void sparseTrain(SparseTrain options, int epochs, At at) {
    at.in("prune").ifPresent(in -> prune(options.getPrune(), in));
    if (options.hasFile()) {
      at.requireGiven(options.getFile(), "file", "FILE", "the file with the masks");
    }
    at.in("schedule")
        .ifPresent(in -> PruningScheduleRules.check(options.getSchedule(), epochs, in));
  }

  static void prune(Prune options, At at) {
    MaskRules.check(MaskRecipes.of(options), at);
    at.require(
        !options.hasFraction() || options.getFraction() > 0 && options.getFraction() < 1,
        "fraction",
        "a number in (0, 1): the share of what is left that is removed");
    at.require(
        !options.hasFraction() || !options.hasSparsity(),
        "fraction",
        "none where sparsity is given: one of them says how much");
    at.require(
        !options.hasFraction() || !options.getPattern().hasNM(),
        "fraction",
        "none: the pattern fixes what each kernel keeps");
  }
}
