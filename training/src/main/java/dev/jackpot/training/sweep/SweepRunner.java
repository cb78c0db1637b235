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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * continued; one that fails is told of, and the others go on. What another process is running is
 * left to it and looked at again when nothing else is left to do, until it is complete or free.
 */
public final class SweepRunner {
  private static final Logger LOG = LogManager.getLogger(SweepRunner.class);

  private static final int POLL_MILLIS = 100;

  /** How long until the cells of other processes are looked at again. */
  private static final int POLLS = 20;

  private final SweepPlan plan;
  private final Path root;
  private final CellRunner runner;
  private final Consumer<CellOutcome> finished;
  private final StopSignal stop;
  private final Set<SweepCell> waitedFor = new HashSet<>();

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
   * @return an outcome a cell, in the plan's order; one is still in use by another process only
   *     where the sweep was asked to stop
   */
  public List<CellOutcome> run(int jobs) {
    Map<SweepCell, CellOutcome> outcomes = new LinkedHashMap<>();
    List<SweepCell> left = plan.cells();
    try {
      do {
        outcomes.putAll(outcomes(left, jobs));
        left = left.stream().filter(c -> outcomes.get(c).status() == Status.IN_USE).toList();
      } while (!left.isEmpty() && waited());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.request(StopSignal.INTERRUPTED);
      throw new RunInterruptedException("the sweep was interrupted", StopSignal.INTERRUPTED);
    }
    left.forEach(cell -> finished.accept(outcomes.get(cell)));
    return List.copyOf(outcomes.values());
  }

  /** Whether the sweep still goes on after a while. */
  private boolean waited() throws InterruptedException {
    for (int i = 0; i < POLLS && stop.requested().isEmpty(); i++) {
      Thread.sleep(POLL_MILLIS);
    }
    return stop.requested().isEmpty();
  }

  private Map<SweepCell, CellOutcome> outcomes(List<SweepCell> cells, int jobs)
      throws InterruptedException {
    Map<SweepCell, CellOutcome> outcomes = new LinkedHashMap<>();
    if (jobs == 1) {
      cells.forEach(cell -> outcomes.put(cell, outcome(cell)));
      return outcomes;
    }
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      Map<SweepCell, Future<CellOutcome>> pending = new LinkedHashMap<>();
      cells.forEach(cell -> pending.put(cell, threads.submit(() -> outcome(cell))));
      for (Map.Entry<SweepCell, Future<CellOutcome>> each : pending.entrySet()) {
        outcomes.put(each.getKey(), each.getValue().get());
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a cell's thread ended: " + e.getCause(), e);
    } finally {
      threads.shutdown();
    }
  }

  /** Tells of it unless it is looked at again. */
  private CellOutcome outcome(SweepCell cell) {
    CellOutcome outcome = tried(cell);
    synchronized (this) {
      if (outcome.status() != Status.IN_USE) {
        finished.accept(outcome);
      } else if (waitedFor.add(cell)) {
        LOG.info("{}: {}; it is looked at again at the end", cell.path(), outcome.message());
      }
    }
    return outcome;
  }

  private CellOutcome tried(SweepCell cell) {
    Path directory = directory(root, cell);
    try {
      Optional<Result> result = completed(cell, directory);
      if (result.isPresent()) {
        return CellOutcome.complete(cell, directory, Status.KEPT, result.get());
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

  /**
   * A cell's result, if its run has come to its end with this very config.
   *
   * @param directory of the cell's run; begun or not
   */
  public static Optional<Result> completed(SweepCell cell, Path directory) {
    if (!RunDirectory.isBegun(directory)) {
      return Optional.empty();
    }
    RunDirectory run = RunDirectory.open(directory);
    boolean complete =
        Files.exists(run.result())
            && RunDirectory.hash(run.readConfig()).equals(RunDirectory.hash(cell.experiment()));
    return complete ? Optional.of(Result.read(run.result())) : Optional.empty();
  }

  private static String message(Throwable failure) {
    String text = failure.getMessage();
    return text == null ? failure.getClass().getSimpleName() : text;
  }
}
