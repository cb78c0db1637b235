package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.StepBenchmark;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot benchmark}. */
@Command(
    name = "benchmark",
    description = "Measures speed.",
    synopsisSubcommandLabel = "(train | rescale | data | masks | inference)",
    subcommands = {
      BenchmarkCommand.Train.class,
      BenchmarkRescaleCommand.class,
      BenchmarkDataCommand.class,
      BenchmarkMasksCommand.class,
      BenchmarkInferenceCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot benchmark train --mode both --steps 100 --json")
final class BenchmarkCommand extends Group {

  /** What is measured. */
  enum Mode {
    TRAIN,
    SEARCH,
    BOTH,
    GHOSTS
  }

  /** {@code jackpot benchmark train}. */
  @Command(
      name = "train",
      description = {
        "Measures training steps on random images in memory: the median after a warm-up.",
        "--mode both takes plain training and search in turns and compares them; --mode ghosts",
        "a stage with ghosts, the same without, and what it leaves at the hand-over."
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
        description = "train, search, both or ghosts (default: ${DEFAULT-VALUE}).")
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
      OptionChecks.atLeast(spec, "--batch", batch, 1);
      OptionChecks.atLeast(spec, "--steps", steps, 1);
      OptionChecks.atLeast(spec, "--warmup", warmup, 0);
      Experiment experiment = ExperimentLoader.loadTemplate(config, sets.values());
      List<StepBenchmark.Mode> modes =
          switch (mode) {
            case TRAIN -> List.of(StepBenchmark.Mode.TRAIN);
            case SEARCH -> List.of(StepBenchmark.Mode.SEARCH);
            case BOTH -> List.of(StepBenchmark.Mode.TRAIN, StepBenchmark.Mode.SEARCH);
            case GHOSTS ->
                List.of(
                    StepBenchmark.Mode.PLAIN,
                    StepBenchmark.Mode.GHOSTS,
                    StepBenchmark.Mode.HANDED_OVER);
          };
      StepBenchmark.Report report =
          StepBenchmark.run(experiment, modes, new StepBenchmark.Length(batch, steps, warmup));
      output.print(() -> json(report), out -> print(report, out));
    }

    private static void print(StepBenchmark.Report report, PrintWriter out) {
      out.printf(
          Locale.ROOT,
          "%s, %.1f %% of the masked weights pruned, batch %d, %s, %d threads%n",
          report.network(),
          100 * report.sparsity(),
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
      ratio(report.searchOverTrain(), "a step of search", "training", out);
      ratio(report.ghostsOverPlain(), "a step with ghosts", "plain training", out);
      ratio(report.handedOverOverPlain(), "a step after the hand-over", "plain training", out);
      report
          .handOverSeconds()
          .ifPresent(
              s ->
                  out.printf(
                      Locale.ROOT,
                      "the hand-over takes %.2f s, the first step after it included%n",
                      s));
      out.printf(
          Locale.ROOT,
          "resident memory after the warm-up %.0f MB, at the end %.0f MB%n",
          report.rssStart(),
          report.rssEnd());
    }

    private static void ratio(Optional<Double> ratio, String of, String over, PrintWriter out) {
      ratio.ifPresent(
          r ->
              out.printf(
                  Locale.ROOT, "%s takes %.3f× the one of %s beside it (median)%n", of, r, over));
    }

    private static String name(StepBenchmark.Mode mode) {
      return mode.name().toLowerCase(Locale.ROOT);
    }

    /** Of one mode a flat object, of several an array of them and the ratios. */
    private JsonObject json(StepBenchmark.Report report) {
      boolean several = report.measurements().size() > 1;
      StepBenchmark.Measurement only = several ? null : report.measurements().get(0);
      return Json.object(
          "mode", mode.name().toLowerCase(Locale.ROOT),
          "images_per_second", several ? null : only.imagesPerSecond(),
          "median_step_ms", several ? null : only.medianStepMillis(),
          "measurements", several ? report.measurements().stream().map(Train::json).toList() : null,
          "search_over_train", report.searchOverTrain(),
          "ghosts_over_plain", report.ghostsOverPlain(),
          "handed_over_over_plain", report.handedOverOverPlain(),
          "hand_over_seconds", report.handOverSeconds(),
          "network", report.network(),
          "sparsity", report.sparsity(),
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
