package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.StepBenchmark;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot benchmark}. */
@Command(
    name = "benchmark",
    description = "Measures speed.",
    synopsisSubcommandLabel = "(train | data)",
    subcommands = {BenchmarkCommand.Train.class, BenchmarkDataCommand.class},
    footerHeading = "%nExample:%n",
    footer = "  jackpot benchmark train --mode both --steps 100 --json")
final class BenchmarkCommand extends Group {

  /** What is measured. */
  enum Mode {
    TRAIN,
    SEARCH,
    BOTH
  }

  /** {@code jackpot benchmark train}. */
  @Command(
      name = "train",
      description = {
        "Measures training steps on random images in memory: the median after a warm-up.",
        "--mode both takes plain training and search in turns and compares them."
      },
      footerHeading = "%nExample:%n",
      footer = "  jackpot benchmark train --mode both --steps 100 --json")
  static final class Train implements Runnable {
    @Spec private CommandSpec spec;
    @Mixin private HelpOption help;
    @Mixin private Output output;
    @Mixin private SetOption sets;

    @Parameters(
        arity = "0..1",
        paramLabel = "CONFIG|PRESET",
        defaultValue = "resnet20-cifar10-jackpot90",
        description = {
          "Its network, runtime and stages are used, its data are not",
          "(default: ${DEFAULT-VALUE})."
        })
    private String config;

    @Option(
        names = "--mode",
        paramLabel = "MODE",
        defaultValue = "train",
        description = "train, search or both (default: ${DEFAULT-VALUE}).")
    private Mode mode;

    @Option(
        names = "--batch",
        paramLabel = "N",
        defaultValue = "128",
        description = "Images per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
        names = "--steps",
        paramLabel = "N",
        defaultValue = "50",
        description = "Steps that are measured, of each mode (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
        names = "--warmup",
        paramLabel = "N",
        defaultValue = "10",
        description = "Steps before them (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Override
    public void run() {
      atLeast("--batch", batch, 1);
      atLeast("--steps", steps, 1);
      atLeast("--warmup", warmup, 0);
      Experiment experiment = ExperimentLoader.loadTemplate(config, sets.values());
      List<StepBenchmark.Mode> modes =
          switch (mode) {
            case TRAIN -> List.of(StepBenchmark.Mode.TRAIN);
            case SEARCH -> List.of(StepBenchmark.Mode.SEARCH);
            case BOTH -> List.of(StepBenchmark.Mode.TRAIN, StepBenchmark.Mode.SEARCH);
          };
      StepBenchmark.Report report =
          StepBenchmark.run(experiment, modes, new StepBenchmark.Length(batch, steps, warmup));
      output.print(() -> json(report), out -> print(report, out));
    }

    private void atLeast(String option, int value, int least) {
      if (value < least) {
        throw new ParameterException(
            spec.commandLine(),
            "%s: found %d, expected at least %d".formatted(option, value, least));
      }
    }

    private static void print(StepBenchmark.Report report, PrintWriter out) {
      out.printf(
          "%s, batch %d, %s, %d threads%n",
          report.network(),
          report.length().batch(),
          report.precision().toLowerCase(Locale.ROOT),
          report.threads());
      Table table = new Table().text("MODE").number("MEDIAN STEP").number("IMAGES/S");
      for (StepBenchmark.Measurement m : report.measurements()) {
        table.row(
            name(m.mode()),
            String.format(Locale.ROOT, "%.1f ms", m.medianStepMillis()),
            Figures.count(Math.round(m.imagesPerSecond())));
      }
      out.print(table);
      report
          .searchOverTrain()
          .ifPresent(
              ratio ->
                  out.printf(
                      Locale.ROOT,
                      "a step of search takes %.3f× the one of training beside it (median)%n",
                      ratio));
      out.printf(
          Locale.ROOT,
          "resident memory after the warm-up %.0f MB, at the end %.0f MB%n",
          report.rssStart(),
          report.rssEnd());
    }

    private static String name(StepBenchmark.Mode mode) {
      return mode.name().toLowerCase(Locale.ROOT);
    }

    /** Of one mode a flat object, of both an array of them and the ratio. */
    private JsonObject json(StepBenchmark.Report report) {
      boolean both = mode == Mode.BOTH;
      StepBenchmark.Measurement only = both ? null : report.measurements().get(0);
      return Json.object(
          "mode", mode.name().toLowerCase(Locale.ROOT),
          "images_per_second", both ? null : only.imagesPerSecond(),
          "median_step_ms", both ? null : only.medianStepMillis(),
          "measurements", both ? report.measurements().stream().map(Train::json).toList() : null,
          "search_over_train", report.searchOverTrain(),
          "network", report.network(),
          "batch", report.length().batch(),
          "steps", report.length().steps(),
          "warmup", report.length().warmup(),
          "precision", report.precision().toLowerCase(Locale.ROOT),
          "threads", report.threads(),
          "rss_mb_start", report.rssStart(),
          "rss_mb_end", report.rssEnd());
    }

    private static JsonObject json(StepBenchmark.Measurement m) {
      return Json.object(
          "mode", name(m.mode()),
          "images_per_second", m.imagesPerSecond(),
          "median_step_ms", m.medianStepMillis());
    }
  }
}
