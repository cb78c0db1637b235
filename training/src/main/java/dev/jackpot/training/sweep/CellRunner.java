package dev.jackpot.training.sweep;

import dev.jackpot.config.SweepCell;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.run.Result;
import java.nio.file.Path;

/** Runs one cell, or continues it. May be called from several threads at once. */
@FunctionalInterface
public interface CellRunner {
  /**
   * Runs it to its end.
   *
   * @param directory of the cell's run; begun or not
   * @param stop asks it to save its state and end
   * @throws dev.jackpot.training.RunInterruptedException if it was asked to stop
   * @throws dev.jackpot.training.run.RunInUseException if another process runs it
   */
  Result run(SweepCell cell, Path directory, StopSignal stop);
}
