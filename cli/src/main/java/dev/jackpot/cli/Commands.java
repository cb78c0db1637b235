package dev.jackpot.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The root command, and the way to run any of them. */
@Command(
    name = "jackpot",
    description = "Finds, trains and ships sparse image networks.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      RunCommand.class,
      SweepCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      InspectCommand.class,
      PruneCommand.class,
      OverlapCommand.class,
      CompactCommand.class,
      WidenCommand.class,
      GroupsCommand.class,
      PredictCommand.class,
      DataCommand.class,
      PresetsCommand.class,
      ListCommand.class,
      ShowCommand.class,
      ReportCommand.class,
      BenchmarkCommand.class,
      DoctorCommand.class
    },
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExample:%n",
    footer = {
      "  jackpot run quickstart",
      "",
      "`jackpot COMMAND --help` shows a command's options and an example.",
      "Exit codes: 0 done, 1 failed, 2 bad usage or config, 130/143 interrupted (state saved)."
    })
public final class Commands implements Runnable {
  @Spec private CommandSpec spec;

  /** Exit code of bad usage and bad configs. */
  static final int USAGE = 2;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command is given");
  }

  /**
   * Runs one command. Nothing is thrown: what goes wrong is told on {@code err} in one line a
   * problem.
   *
   * @param out for results
   * @param err for messages
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = commandLine(out, err);
    try {
      return line.execute(args);
    } catch (Throwable e) { // errors, for instance of memory: picocli passes them on
      return Failures.tell(e, err);
    } finally {
      RunLogs.close();
      out.flush();
      err.flush();
    }
  }

  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new Commands());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(Math.max(60, Math.min(120, Terminal.columns())));
    line.setUsageHelpLongOptionsMaxWidth(28);
    line.setParameterExceptionHandler((e, args) -> usage(e));
    line.setExecutionExceptionHandler((e, command, result) -> failure(e, command, result));
    return line;
  }

  private static int usage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("jackpot: " + UsageMessages.of(e));
    return USAGE;
  }

  private static int failure(Exception e, CommandLine command, ParseResult result) {
    return e instanceof ParameterException usage
        ? usage(usage)
        : Failures.tell(e, command.getErr());
  }
}
