package dev.jackpot.training.sweep;

import dev.jackpot.config.SweepCell;
import dev.jackpot.config.SweepPlan;
import dev.jackpot.training.RunInterruptedException;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.RunInUseException;
import dev.jackpot.training.sweep.table.CellOutcome;
import dev.jackpot.training.sweep.table.CellOutcome.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Runs the cells of a sweep, one after the other or some at a time, each in a run directory of its
 * own. A cell that is complete is kept if its config is the same; one that was interrupted is
 * continued; one that fails is told of, and the others go on.
 */
public final class SweepRunner {
  private static final Logger LOG = LogManager.getLogger(SweepRunner.class);

  private final SweepPlan plan;
  private final Path root;
  private final CellRunner runner;
  private final Consumer<CellOutcome> finished;
  private final StopSignal stop;

  /**
   * @param root the sweep's directory
   * @param finished told of each cell when its outcome is known; one call at a time
   * @param stop asks the cells that run to save their state, and begins no more
   */
  public SweepRunner(
      SweepPlan plan,
      Path root,
      CellRunner runner,
      Consumer<CellOutcome> finished,
      StopSignal stop) {
    this.plan = plan;
    this.root = root;
    this.runner = runner;
    this.finished = finished;
    this.stop = stop;
  }

  /** Where a cell's run lies. */
  public static Path directory(Path root, SweepCell cell) {
    return root.resolve("cells").resolve(cell.path());
  }

  /**
   * Runs what is left of them.
   *
   * @param jobs how many at a time; with 1 on the calling thread
   * @return an outcome a cell, in the plan's order
   */
  public List<CellOutcome> run(int jobs) {
    if (jobs == 1) {
      return plan.cells().stream().map(this::outcome).toList();
    }
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      List<Future<CellOutcome>> pending = new ArrayList<>();
      for (SweepCell cell : plan.cells()) {
        pending.add(threads.submit(() -> outcome(cell)));
      }
      List<CellOutcome> outcomes = new ArrayList<>();
      for (Future<CellOutcome> each : pending) {
        outcomes.add(each.get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.request(StopSignal.INTERRUPTED);
      throw new RunInterruptedException("the sweep was interrupted", StopSignal.INTERRUPTED);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a cell's thread ended: " + e.getCause(), e);
    } finally {
      threads.shutdown();
    }
  }

  private CellOutcome outcome(SweepCell cell) {
    CellOutcome outcome = tried(cell);
    synchronized (this) {
      finished.accept(outcome);
    }
    return outcome;
  }

  private CellOutcome tried(SweepCell cell) {
    Path directory = directory(root, cell);
    try {
      if (isComplete(cell, directory)) {
        return CellOutcome.complete(
            cell, directory, Status.KEPT, Result.read(RunDirectory.open(directory).result()));
      }
      if (stop.requested().isPresent()) {
        return CellOutcome.incomplete(
            cell, directory, RunDirectory.isBegun(directory) ? Status.STOPPED : Status.OPEN, "");
      }
      return CellOutcome.complete(cell, directory, Status.DONE, runner.run(cell, directory, stop));
    } catch (RunInterruptedException e) {
      return CellOutcome.incomplete(cell, directory, Status.STOPPED, "");
    } catch (RunInUseException e) {
      return CellOutcome.incomplete(cell, directory, Status.IN_USE, message(e));
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.debug("cell {} failed", cell.path(), e);
      return CellOutcome.incomplete(cell, directory, Status.FAILED, message(e));
    }
  }

  /** Whether its run has come to its end with this very config. */
  private static boolean isComplete(SweepCell cell, Path directory) {
    if (!RunDirectory.isBegun(directory)) {
      return false;
    }
    RunDirectory run = RunDirectory.open(directory);
    return Files.exists(run.result())
        && RunDirectory.hash(run.readConfig()).equals(RunDirectory.hash(cell.experiment()));
  }

  private static String message(Throwable failure) {
    String text = failure.getMessage();
    return text == null ? failure.getClass().getSimpleName() : text;
  }
}
