package dev.jackpot.cli;

import dev.jackpot.training.report.HtmlReport;
import dev.jackpot.training.run.RunDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jackpot report RUN}: writes the run's report.html anew, also of a run that goes on. */
@Command(
    name = "report",
    description = {"Writes a run's report.html anew.", "Also of a run that is not finished."},
    footerHeading = "%nExample:%n",
    footer = "  jackpot report runs/quickstart")
final class ReportCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(paramLabel = "RUN", description = "A run's directory.")
  private Path run;

  @Override
  public void run() {
    Path report = HtmlReport.write(RunDirectory.open(run));
    output.print(() -> Json.object("report", report), out -> out.println(report));
  }
}
