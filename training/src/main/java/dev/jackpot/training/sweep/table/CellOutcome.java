package dev.jackpot.training.sweep.table;

import dev.jackpot.config.SweepCell;
import dev.jackpot.training.run.Result;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a cell of a sweep ended.
 *
 * @param directory of its run
 * @param result present where the cell is complete
 * @param message why it is not, in words; empty where there is nothing to say
 */
public record CellOutcome(
    SweepCell cell, Path directory, Status status, Optional<Result> result, String message) {

  /** What became of it. */
  public enum Status {
    /** Run to its end now. */
    DONE,
    /** Complete from before. */
    KEPT,
    /** Ended with an error. */
    FAILED,
    /** Another process is running it: looked at again, unless the sweep is asked to stop. */
    IN_USE,
    /** Asked to stop; its state is saved. */
    STOPPED,
    /** Not begun: the sweep was asked to stop before. */
    OPEN
  }

  /**
   * Of a cell that has a result.
   *
   * @param status {@link Status#DONE} or {@link Status#KEPT}
   */
  public static CellOutcome complete(SweepCell cell, Path directory, Status status, Result result) {
    return new CellOutcome(cell, directory, status, Optional.of(result), "");
  }

  /**
   * Of a cell that has none.
   *
   * @param status any of the others
   * @param message why, in words, or empty
   */
  public static CellOutcome incomplete(
      SweepCell cell, Path directory, Status status, String message) {
    return new CellOutcome(cell, directory, status, Optional.empty(), message);
  }
}
