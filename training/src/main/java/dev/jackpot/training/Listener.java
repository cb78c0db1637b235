package dev.jackpot.training;

import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.RunDirectory;
import java.util.List;

/** Watches a run. Called on the training thread, in the order the listeners were given. */
public interface Listener {
  /** The run's directory is open and locked; nothing has been done yet. The first call of all. */
  default void opened(RunDirectory directory) {}

  /** Before the first step of a stage, or of its rest after a resume. */
  default void stageStarted(Moment moment) {}

  /**
   * A pruning schedule has had an event, before the step that comes next.
   *
   * @param moment so far; its graph has the new masks
   * @param changes what was done, in order; at least one, though it may have found nothing to prune
   */
  default void masksChanged(Moment moment, List<MaskChange> changes) {}

  /** After each step. */
  default void stepDone(Moment moment, StepResult result) {}

  /** After the evaluation that follows an epoch's last step, if one does. */
  default void evaluated(Moment moment, Evaluation evaluation) {}

  /** After each epoch and its evaluation, if it has one. */
  default void epochDone(Moment moment, EpochMetrics metrics) {}

  /**
   * After a stage that has no epochs.
   *
   * @param stage its name
   * @param progress with the accuracy that was measured
   * @param state what it left: parameters and masks
   */
  default void prepared(String stage, Progress progress, State state) {}

  /** The run was asked to stop; the last call of all. */
  default void interrupted(Moment moment) {}

  /** After the last epoch of a stage. */
  default void stageDone(Moment moment) {}
}
