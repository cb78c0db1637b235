package dev.jackpot.training;

import dev.jackpot.config.Registry;
import dev.jackpot.config.proto.ConstantRate;
import dev.jackpot.config.proto.CosineRate;
import dev.jackpot.config.proto.HeldCosineRate;
import dev.jackpot.config.proto.LearningRate;
import dev.jackpot.config.proto.LearningRate.Per;
import dev.jackpot.config.proto.StepRate;
import dev.jackpot.config.proto.Warmup;

/** Learning rates by their name in the schema's {@code LearningRate.schedule}. */
public final class LearningRates {
  public static final Registry<LearningRate, RateSchedule> REGISTRY =
      new Registry<LearningRate, RateSchedule>("learning_rate", RateSchedulePlugin.class)
          .add("constant", ConstantRate.class, (o, l) -> (e, t) -> l.getInitial())
          .add("step", StepRate.class, (o, l) -> step(o, l.getInitial()))
          .add("cosine", CosineRate.class, (o, l) -> cosine(o.getFinal(), l.getInitial()))
          .add("held_cosine", HeldCosineRate.class, (o, l) -> heldCosine(o, l.getInitial()))
          .orElse("cosine");

  private LearningRates() {}

  /** initial · factor^(number of drop epochs reached). */
  private static RateSchedule step(StepRate options, double initial) {
    return (epoch, epochs) -> {
      long drops = options.getEpochsList().stream().filter(e -> e <= epoch).count();
      return initial * Math.pow(options.getFactor(), drops);
    };
  }

  /** final + (initial − final)(1 + cos(πe/T))/2. */
  private static RateSchedule cosine(double last, double initial) {
    return (epoch, epochs) ->
        last + (initial - last) * (1 + Math.cos(Math.PI * epoch / epochs)) / 2;
  }

  /** The initial rate until epoch h, then the cosine over the T − h that are left. */
  private static RateSchedule heldCosine(HeldCosineRate options, double initial) {
    RateSchedule cosine = cosine(options.getFinal(), initial);
    int hold = options.getHoldEpochs();
    return (epoch, epochs) -> epoch < hold ? initial : cosine.rate(epoch - hold, epochs - hold);
  }

  /**
   * The rate of one step: the schedule's, held for an epoch or not, under the warm-up's ramp. The
   * stage's first epoch is the schedule's start_epoch.
   *
   * @param epoch of the stage, from 0
   * @param step within the epoch, from 0
   * @param epochs of the stage
   */
  static double at(
      LearningRate config,
      RateSchedule schedule,
      int epoch,
      int step,
      int stepsPerEpoch,
      int epochs) {
    int start = config.getStartEpoch();
    double exact = start + epoch + (double) step / stepsPerEpoch;
    double rate =
        schedule.rate(config.getPer() == Per.STEP ? exact : start + epoch, start + epochs);
    if (!config.hasWarmup()) {
      return rate;
    }
    Warmup warmup = config.getWarmup();
    double done = Math.min(1, exact / warmup.getEpochs());
    return rate * (warmup.getStart() + (1 - warmup.getStart()) * done);
  }
}
