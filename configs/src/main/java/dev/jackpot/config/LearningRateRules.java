package dev.jackpot.config;

import dev.jackpot.config.proto.HeldCosineRate;
import dev.jackpot.config.proto.LearningRate;
import dev.jackpot.config.proto.StepRate;
import dev.jackpot.config.proto.Warmup;

/** What must hold for a stage's learning rate. */
final class LearningRateRules {
  private LearningRateRules() {}

  /**
   * @param epochs of the stage; below 1 where they are wrong, which is reported elsewhere
   */
  static void check(LearningRate rate, int epochs, At at) {
    at.require(rate.getInitial() > 0, "initial", "a number above 0");
    at.require(
        rate.getStartEpoch() >= 0 && rate.getStartEpoch() <= StageRules.MOST_EPOCHS,
        "start_epoch",
        "an integer from 0 to " + StageRules.MOST_EPOCHS);
    int end = epochs < 1 ? epochs : epochs + Math.max(0, rate.getStartEpoch());
    schedule(rate, end, at);
  }

  /**
   * @param epochs of the schedule
   */
  private static void schedule(LearningRate rate, int epochs, At at) {
    at.in("step").ifPresent(in -> step(rate.getStep(), epochs, in));
    at.in("cosine")
        .ifPresent(
            in ->
                in.require(
                    rate.getCosine().getFinal() >= 0
                        && rate.getCosine().getFinal() <= Math.max(0, rate.getInitial()),
                    "final",
                    "a number from 0 to initial, which is " + Show.scalar(rate.getInitial())));
    at.in("held_cosine").ifPresent(in -> heldCosine(rate, epochs, in));
    at.in("custom").ifPresent(in -> ExperimentRules.custom(rate.getCustom(), in));
    at.in("warmup").ifPresent(in -> warmup(rate.getWarmup(), epochs, in));
  }

  /** Epochs grow, lie inside the stage, and the factor is above 0. */
  private static void step(StepRate step, int epochs, At at) {
    at.require(step.getEpochsCount() > 0, "epochs", "at least one epoch");
    for (int i = 0; i < step.getEpochsCount(); i++) {
      int least = i == 0 ? 1 : step.getEpochs(i - 1) + 1;
      at.requireItem(
          step.getEpochs(i) >= least,
          "epochs",
          i,
          i == 0
              ? "an epoch of at least 1"
              : "an epoch after the one before, " + step.getEpochs(i - 1));
      at.requireItem(
          epochs < 1 || step.getEpochs(i) < epochs,
          "epochs",
          i,
          "an epoch before the schedule's end, %d".formatted(epochs));
    }
    at.require(step.getFactor() > 0, "factor", "a number above 0");
  }

  private static void heldCosine(LearningRate rate, int epochs, At at) {
    HeldCosineRate held = rate.getHeldCosine();
    at.require(
        held.hasHoldEpochs() && held.getHoldEpochs() >= 0,
        "hold_epochs",
        "an integer of at least 0");
    at.require(
        epochs < 1 || held.getHoldEpochs() < epochs,
        "hold_epochs",
        "an epoch before the schedule's end, %d".formatted(epochs));
    at.require(
        held.getFinal() >= 0 && held.getFinal() <= Math.max(0, rate.getInitial()),
        "final",
        "a number from 0 to initial, which is " + Show.scalar(rate.getInitial()));
  }

  private static void warmup(Warmup warmup, int epochs, At at) {
    at.require(warmup.getEpochs() > 0, "epochs", "a number above 0");
    at.require(
        epochs < 1 || warmup.getEpochs() < epochs,
        "epochs",
        "a number below the schedule's epochs, %d".formatted(epochs));
    at.require(warmup.getStart() >= 0 && warmup.getStart() <= 1, "start", "a number in [0, 1]");
  }
}
