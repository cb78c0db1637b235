package dev.jackpot.config;

import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.IterativePruning;
import dev.jackpot.config.proto.Prune;
import dev.jackpot.config.proto.PruningSchedule;
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
    at.in("schedule").ifPresent(in -> schedule(options.getSchedule(), epochs, in));
  }

  private static void prune(Prune options, At at) {
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

  private static void schedule(PruningSchedule schedule, int epochs, At at) {
    at.require(
        schedule.hasTo(), "to", "what is pruned in the end, for instance to { sparsity: 0.9 }");
    at.in("to").ifPresent(in -> prune(schedule.getTo(), in));
    at.requireChoice("shape", "shape of the schedule");
    at.require(
        !schedule.getTo().getPattern().hasNM() || schedule.hasOneShot(),
        "to",
        "another pattern: n_m fixes what each kernel keeps, so it is reached in one_shot only");
    at.in("iterative").ifPresent(in -> iterative(schedule.getIterative(), in));
    at.require(schedule.getBegin() >= 0, "begin", "an integer of at least 0");
    at.require(schedule.getInterval() >= 1, "interval", "an integer of at least 1");
    boolean inEpochs = schedule.getPer() == PruningSchedule.Per.EPOCH && epochs >= 1;
    if (schedule.hasOneShot()) {
      at.require(!schedule.hasEnd(), "end", "none: one_shot prunes once, at begin");
      at.require(
          !inEpochs || schedule.getBegin() < epochs,
          "begin",
          "an epoch before the stage's end, %d".formatted(epochs));
      return;
    }
    at.require(
        schedule.hasEnd() && schedule.getEnd() > schedule.getBegin(),
        "end",
        "an integer after begin, which is " + schedule.getBegin());
    at.require(
        !inEpochs || schedule.getEnd() < epochs,
        "end",
        "an epoch before the stage's end, %d".formatted(epochs));
  }

  private static void iterative(IterativePruning options, At at) {
    at.require(
        options.getFraction() > 0 && options.getFraction() < 1,
        "fraction",
        "a number in (0, 1): the share of what is left that is removed");
  }
}
