package dev.jackpot.training;

import dev.jackpot.training.run.EvaluationSplit;
import dev.jackpot.training.run.Result.StageResult;
import java.util.ArrayList;
import java.util.List;

/**
 * How far an experiment has come. With the variables' values, the seeds in the config and nothing
 * else it decides all that follows: data order and augmentation are functions of (seed, epoch,
 * position).
 *
 * @param stage index of the running stage
 * @param epoch epochs of it that are finished
 * @param stepInEpoch steps of the next epoch that are done
 * @param step steps of all stages so far
 * @param tally of the epoch that is under way
 * @param accuracy of the stage's last finished epoch, on the validation images if some are set
 *     apart and else on the test images; −1 before its first and after one that was not evaluated
 * @param best highest such accuracy of the stage so far, epochs with ghosts left out; −1 before its
 *     first epoch without
 * @param denseAccuracy test accuracy of the unpruned network, −1 if it was not measured
 * @param startAccuracy test accuracy of the masks a search started from, batch norm re-estimated;
 *     −1: not measured
 * @param stageSeconds wall-clock time of the finished epochs of the stage
 * @param finished the stages that are done
 * @param begun whether the stage's first state was made: the variables are this stage's, not those
 *     that the one before left
 * @param stepAtStart steps of all stages before this one
 * @param prunedAtStart pruned weights (units, where a pattern ties them) that its pruning schedule
 *     began with; 0 without a schedule
 * @param pruned whether an earlier stage has left masks
 */
public record Progress(
    int stage,
    int epoch,
    int stepInEpoch,
    long step,
    Tally tally,
    double accuracy,
    double best,
    double denseAccuracy,
    double startAccuracy,
    double stageSeconds,
    List<StageResult> finished,
    boolean begun,
    long stepAtStart,
    long prunedAtStart,
    boolean pruned) {
  static final Progress START =
      new Progress(0, 0, 0, 0, Tally.NONE, -1, -1, -1, -1, 0, List.of(), false, 0, 0, false);

  public Progress {
    finished = List.copyOf(finished);
    // checkpoints of earlier versions do not say
    begun = begun || epoch > 0 || stepInEpoch > 0;
  }

  /** Steps of the running stage that are done. */
  long stageStep() {
    return step - stepAtStart;
  }

  /**
   * The stage's first state is made.
   *
   * @param units pruned ones, that its schedule begins with
   */
  Progress begin(long units) {
    return new Progress(
        stage,
        epoch,
        stepInEpoch,
        step,
        tally,
        accuracy,
        best,
        denseAccuracy,
        startAccuracy,
        stageSeconds,
        finished,
        true,
        step,
        units,
        pruned);
  }

  Progress afterStep(Tally sums) {
    return new Progress(
        stage,
        epoch,
        stepInEpoch + 1,
        step + 1,
        sums,
        accuracy,
        best,
        denseAccuracy,
        startAccuracy,
        stageSeconds,
        finished,
        begun,
        stepAtStart,
        prunedAtStart,
        pruned);
  }

  /**
   * @param counts whether what was measured is the network that the stage delivers: with ghosts it
   *     is another, which cannot be the best
   */
  Progress afterEpoch(double measured, double seconds, boolean counts) {
    return new Progress(
        stage,
        epoch + 1,
        0,
        step,
        Tally.NONE,
        measured,
        counts ? Math.max(best, measured) : best,
        denseAccuracy,
        startAccuracy,
        stageSeconds + seconds,
        finished,
        begun,
        stepAtStart,
        prunedAtStart,
        pruned);
  }

  /** After an epoch that was not evaluated. */
  Progress afterEpoch(double seconds) {
    return afterEpoch(-1, seconds, false);
  }

  /** A stage without epochs is done: what it left was measured. */
  Progress evaluated(double measured, double seconds) {
    return new Progress(
        stage,
        epoch,
        stepInEpoch,
        step,
        tally,
        measured,
        measured,
        denseAccuracy,
        startAccuracy,
        seconds,
        finished,
        begun,
        stepAtStart,
        prunedAtStart,
        pruned);
  }

  /**
   * The start of the next stage.
   *
   * @param masked whether the stage's kernels have masks: if none had any so far, its accuracy, if
   *     it trained, is the dense network's, if it is one of the test images
   */
  Progress afterStage(String name, boolean masked, EvaluationSplit split) {
    List<StageResult> results = new ArrayList<>(finished);
    results.add(new StageResult(name, epoch, accuracy, stageSeconds));
    double dense =
        masked || pruned || epoch == 0
            ? denseAccuracy
            : split == EvaluationSplit.TEST ? accuracy : -1;
    return new Progress(
        stage + 1,
        0,
        0,
        step,
        Tally.NONE,
        -1,
        -1,
        dense,
        startAccuracy,
        0,
        results,
        false,
        step,
        0,
        pruned || masked);
  }

  Progress measured(double dense, double start) {
    return new Progress(
        stage,
        epoch,
        stepInEpoch,
        step,
        tally,
        accuracy,
        best,
        dense,
        start,
        stageSeconds,
        finished,
        begun,
        stepAtStart,
        prunedAtStart,
        pruned);
  }
}
