package dev.jackpot.cli;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.DryRun;
import dev.jackpot.training.ExperimentService;
import dev.jackpot.training.Listener;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.report.Outcome;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jackpot run}: an experiment from its config to its exported model. */
@Command(
    name = "run",
    description = {
      "Runs an experiment: stages, export, report.",
      "Control-C saves the state and ends with 130; --resume continues it, also after a crash."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  jackpot run quickstart",
      "  jackpot run resnet20-cifar10-jackpot90 --dry-run",
      "  jackpot run mine.textproto --set stages.search.sparsity=0.95 --out runs/at95"
    })
final class RunCommand implements Runnable {
  private static final Path RUNS = Path.of("runs");

  @Mixin private HelpOption help;
  @Mixin private ConfigArguments config;
  @Mixin private Output output;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run's directory; new or empty (default: runs/NAME).")
  private Path directory;

  @Option(
      names = "--resume",
      description = "Continue the run that is in the directory, with the same config.")
  private boolean resume;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress, only warnings and the result.")
  private boolean quiet;

  @Option(
      names = "--dry-run",
      description = {
        "Only try it out: each stage's graph is built and takes one step on random images.",
        "Needs neither data nor weights, and writes nothing."
      })
  private boolean dryRun;

  @Override
  public void run() {
    if (dryRun) {
      DryRun.Report report = DryRun.run(config.loadTemplate(), Integer.MAX_VALUE);
      output.print(() -> DryRunTable.json(report), out -> DryRunTable.print(report, out));
      return;
    }
    Experiment experiment = config.load();
    Path run = directory == null ? RUNS.resolve(experiment.getName()) : directory;
    StopSignal stop = new StopSignal();
    // closed before a failure is told: the bar would be drawn over the message
    try (Signals signals = Signals.install(stop, output.err());
        Logging.Quiet silence = quiet ? Logging.quiet() : null;
        BarProgress bar = bar()) {
      Result result = ExperimentService.run(experiment, run, resume, listeners(bar), stop);
      Outcome outcome = Outcome.of(experiment, result);
      output.print(result::toJson, out -> ResultTable.print(result, outcome, run, out));
    }
  }

  /** Null if nobody watches. */
  private BarProgress bar() {
    return !quiet && Terminal.isInteractive()
        ? new BarProgress(Terminal.err(), Terminal.columns())
        : null;
  }

  private List<Listener> listeners(BarProgress bar) {
    List<Listener> listeners = new ArrayList<>();
    listeners.add(
        new Listener() {
          @Override
          public void opened(RunDirectory opened) {
            RunLogs.open(opened.log());
          }
        });
    if (!quiet) {
      listeners.add(bar == null ? new LineProgress() : bar);
    }
    return listeners;
  }
}
