package dev.jackpot.config;

import dev.jackpot.config.proto.Allocation;
import dev.jackpot.config.proto.CascadePruning;
import dev.jackpot.config.proto.FreeHarvest;
import dev.jackpot.config.proto.IterativePruning;
import dev.jackpot.config.proto.Pattern;
import dev.jackpot.config.proto.PruningSchedule;

/** What must hold for a pruning schedule. */
final class PruningScheduleRules {
  private static final int MOST_BATCHES = 1000;

  private PruningScheduleRules() {}

  /**
   * @param epochs of the stage; below 1 where they are wrong, which is reported elsewhere
   */
  static void check(PruningSchedule schedule, int epochs, At at) {
    at.require(
        schedule.hasTo(), "to", "what is pruned in the end, for instance to { sparsity: 0.9 }");
    at.in("to").ifPresent(in -> SparseStageRules.prune(schedule.getTo(), in));
    at.requireChoice("shape", "shape of the schedule");
    at.require(
        !schedule.getTo().getPattern().hasNM() || schedule.hasOneShot(),
        "to",
        "another pattern: n_m fixes what each kernel keeps, so it is reached in one_shot only");
    Pattern.RuleCase pattern = schedule.getTo().getPattern().getRuleCase();
    at.require(
        !schedule.hasCascade()
            || pattern == Pattern.RuleCase.FREE
            || pattern == Pattern.RuleCase.RULE_NOT_SET,
        "to",
        "the free pattern: what a cascade's harvest takes are single weights");
    Allocation allocation = schedule.getTo().getAllocation();
    at.require(
        !schedule.hasCascade()
            || allocation.hasGlobal()
            || allocation.getRuleCase() == Allocation.RuleCase.RULE_NOT_SET,
        "to",
        "the global allocation: kernels keep what a cascade leaves them");
    at.in("iterative").ifPresent(in -> iterative(schedule.getIterative(), in));
    at.in("cascade").ifPresent(in -> cascade(schedule.getCascade(), in));
    at.require(
        schedule.getLossBatches() >= 0 && schedule.getLossBatches() <= MOST_BATCHES,
        "loss_batches",
        "an integer from 0 to " + MOST_BATCHES);
    times(schedule, epochs, at);
  }

  private static void times(PruningSchedule schedule, int epochs, At at) {
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

  private static void cascade(CascadePruning options, At at) {
    at.require(
        options.getSeedFraction() > 0 && options.getSeedFraction() < 1,
        "seed_fraction",
        "a number in (0, 1): the share of the prunable weights that is pruned at begin");
    at.require(
        options.getLeastHarvest() >= 0 && options.getLeastHarvest() <= 1,
        "least_harvest",
        "a number in [0, 1]: the share of what is left below which some more is pruned");
    at.require(
        !options.hasPushFraction()
            || options.getPushFraction() > 0 && options.getPushFraction() < 1,
        "push_fraction",
        "a number in (0, 1): the share of what is left that a push removes");
    at.in("free").ifPresent(in -> free(options.getFree(), in));
    at.in("small")
        .ifPresent(
            in ->
                in.require(
                    options.getSmall().getEpsilon() > 0 && options.getSmall().getEpsilon() < 1,
                    "epsilon",
                    "a number in (0, 1)"));
  }

  private static void free(FreeHarvest options, At at) {
    at.require(options.getDelta() >= 0, "delta", "a number of at least 0, in nats");
    at.require(
        options.getBatches() >= 1 && options.getBatches() <= MOST_BATCHES,
        "batches",
        "an integer from 1 to " + MOST_BATCHES);
    at.require(
        !options.hasBatchSize() || options.getBatchSize() >= 1,
        "batch_size",
        "an integer of at least 1");
  }
}
