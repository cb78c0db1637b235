package dev.jackpot.cli;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.SweepCell;
import dev.jackpot.config.SweepPlan;
import dev.jackpot.training.ExperimentService;
import dev.jackpot.training.Listener;
import dev.jackpot.training.RunInterruptedException;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.sweep.CellRunner;
import dev.jackpot.training.sweep.SweepFiles;
import dev.jackpot.training.sweep.SweepRunner;
import dev.jackpot.training.sweep.table.CellOutcome;
import dev.jackpot.training.sweep.table.CellOutcome.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot sweep}: a grid of experiments and the table of what they came to. */
@Command(
    name = "sweep",
    description = {
      "Runs a grid of experiments and compares their accuracies.",
      "Each cell is a run of its own below DIR/cells. Started again, it keeps the cells that are"
          + " complete",
      "and continues the others; control-C saves the state and ends with 130."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  jackpot sweep configs/sweeps/quickstart.textproto --dry-run",
      "  jackpot sweep configs/sweeps/quickstart.textproto --jobs 2",
      "  jackpot sweep mine.textproto --set data.path=cifar-10-batches-bin --out runs/mine"
    })
final class SweepCommand implements Runnable {
  private static final Path RUNS = Path.of("runs");

  @Mixin private HelpOption help;
  @Mixin private SetOption sets = new SetOption();
  @Mixin private Output output;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The sweep, .textproto or .json (docs/sweep.md).")
  private String file;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The sweep's directory (default: runs/NAME).")
  private Path directory;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "Cells at a time (default: 1). From 2 on each is a process of its own,",
        "with its share of the machine's cores."
      })
  private int jobs;

  @Option(names = "--dry-run", description = "Only list the cells; nothing is run or written.")
  private boolean dryRun;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress, only warnings and the table.")
  private boolean quiet;

  @Override
  public void run() {
    if (jobs < 1) {
      throw new ParameterException(
          spec.commandLine(), "--jobs: found %d, expected at least 1".formatted(jobs));
    }
    SweepPlan plan = SweepPlan.load(file, sets.values(), dryRun);
    Path root = directory == null ? RUNS.resolve(plan.sweep().getName()) : directory;
    if (dryRun) {
      output.print(
          () -> SweepTables.cellsJson(plan, root), out -> SweepTables.cells(plan, root, out));
      return;
    }
    StopSignal stop = new StopSignal();
    List<CellOutcome> outcomes;
    try (Signals signals = Signals.install(stop, output.err());
        Logging.Quiet silence = quiet ? Logging.quiet() : null) {
      CellRunner runner = jobs == 1 ? this::inThisProcess : new CellProcesses(root, jobs);
      outcomes = new SweepRunner(plan, root, runner, progress(plan), stop).run(jobs);
    }
    SweepFiles.write(root, plan, outcomes);
    output.print(
        () -> SweepFiles.toJson(root, plan, outcomes),
        out -> SweepTables.print(plan, outcomes, root, out));
    fail(outcomes, stop);
  }

  private Result inThisProcess(SweepCell cell, Path run, StopSignal stop) {
    Listener log =
        new Listener() {
          @Override
          public void opened(RunDirectory opened) {
            RunLogs.open(opened.log());
          }
        };
    try {
      List<Listener> listeners = quiet ? List.of(log) : List.of(log, new LineProgress());
      return ExperimentService.run(cell.experiment(), run, true, listeners, stop);
    } finally {
      RunLogs.close();
    }
  }

  private Consumer<CellOutcome> progress(SweepPlan plan) {
    int[] known = {0};
    return outcome -> {
      known[0]++;
      if (!quiet || outcome.status() == Status.FAILED) {
        output
            .err()
            .println(
                "[%d/%d] %s".formatted(known[0], plan.cells().size(), SweepTables.line(outcome)));
        output.err().flush();
      }
    };
  }

  /** After the table: what is missing in it decides the exit code. */
  static void fail(List<CellOutcome> outcomes, StopSignal stop) {
    boolean left =
        outcomes.stream()
            .map(CellOutcome::status)
            .anyMatch(s -> s == Status.STOPPED || s == Status.OPEN || s == Status.IN_USE);
    if (stop.requested().isPresent() && left) {
      throw new RunInterruptedException(
          "the sweep was stopped; run it again to continue it", stop.requested().getAsInt());
    }
    long failed = outcomes.stream().filter(o -> o.status() == Status.FAILED).count();
    if (failed > 0) {
      throw new JackpotException(
          "%d of %d cells failed; run the sweep again once what they say is mended"
              .formatted(failed, outcomes.size()));
    }
  }
}
