package dev.jackpot.cli;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ExperimentText;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.SweepCell;
import dev.jackpot.training.RunInterruptedException;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.RunInUseException;
import dev.jackpot.training.sweep.CellRunner;
import dev.jackpot.training.sweep.SweepRunner;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Runs each cell as a {@code jackpot run --resume} of its own: TensorFlow has one pool of threads a
 * process. The processes share the machine's cores by what they are told of their number, not by
 * their configs, so that a cell may be continued with another number of jobs.
 */
final class CellProcesses implements CellRunner {
  private static final int POLL_MILLIS = 100;
  private static final String CORES = "-XX:ActiveProcessorCount=";

  private final Path root;
  private final int cores;

  /**
   * @param root the sweep's directory; configs and what the processes print go below it
   * @param jobs how many processes run at a time
   */
  CellProcesses(Path root, int jobs) {
    this.root = root;
    this.cores = Math.max(1, Runtime.getRuntime().availableProcessors() / jobs);
  }

  @Override
  public Result run(SweepCell cell, Path directory, StopSignal stop) {
    RunDirectory.refuseIfInUse(directory);
    Path config = config(root, cell);
    Path printed = printed(root, cell);
    AtomicFiles.write(config, ExperimentText.print(cell.experiment()));
    Process process = start(config, directory, printed);
    try {
      boolean asked = false;
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (stop.requested().isPresent() && !asked) {
          process.destroy(); // SIGTERM: it saves its state
          asked = true;
        }
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new RunInterruptedException("interrupted", StopSignal.INTERRUPTED);
    }
    int code = process.exitValue();
    Optional<Result> result = SweepRunner.completed(cell, directory);
    if (code == 0 && result.isPresent()) {
      return result.get();
    }
    if (stop.requested().isPresent()) {
      throw new RunInterruptedException("stopped", stop.requested().getAsInt());
    }
    String told = lastLine(printed);
    if (RunInUseException.isTold(told)) {
      // another process was quicker
      throw new RunInUseException(told);
    }
    throw new JackpotException("exit code %d: %s (all of it in %s)".formatted(code, told, printed));
  }

  /** In folders like the cells' own: no two cells share a file. */
  static Path config(Path root, SweepCell cell) {
    return root.resolve("configs").resolve(cell.path() + ".textproto");
  }

  static Path printed(Path root, SweepCell cell) {
    return root.resolve("logs").resolve(cell.path() + ".txt");
  }

  private Process start(Path config, Path directory, Path printed) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!option.startsWith(CORES) && !option.startsWith("-XX:ErrorFile=")) {
        command.add(option);
      }
    }
    command.add(CORES + cores);
    command.addAll(List.of("-cp", classPath(), Main.class.getName()));
    command.addAll(
        List.of("run", config.toString(), "--out", directory.toString(), "--resume", "--quiet"));
    ProcessBuilder builder = new ProcessBuilder(command);
    // what the launcher has set up is this process's own
    builder
        .environment()
        .keySet()
        .removeAll(
            List.of("JACKPOT_STDERR", "JACKPOT_NATIVE_LOG", "JACKPOT_STARTED", "JACKPOT_COLUMNS"));
    // whom it watches: it ends when this process does
    builder.environment().put("JACKPOT_LAUNCHER", String.valueOf(ProcessHandle.current().pid()));
    try {
      Files.createDirectories(printed.getParent());
      return builder
          .redirectErrorStream(true)
          .redirectOutput(Redirect.to(printed.toFile()))
          .start();
    } catch (IOException e) {
      throw AtomicFiles.failure("start a process that writes", printed, e);
    }
  }

  /**
   * The one that tests run with is in a property of theirs: theirs proper is a jar of a manifest.
   */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static String lastLine(Path printed) {
    try {
      List<String> lines =
          Files.readAllLines(printed).stream().filter(line -> !line.isBlank()).toList();
      return lines.isEmpty()
          ? "it printed nothing"
          : lines.stream()
              .filter(line -> line.startsWith("jackpot: "))
              .findFirst()
              .map(line -> line.substring("jackpot: ".length()))
              .orElse(lines.get(lines.size() - 1));
    } catch (IOException e) {
      return "what it printed cannot be read: " + e.getMessage();
    }
  }
}
