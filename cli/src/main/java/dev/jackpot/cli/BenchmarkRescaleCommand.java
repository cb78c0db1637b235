package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.RescaleBenchmark;
import dev.jackpot.training.RescaleBenchmark.Iteration;
import dev.jackpot.training.StepBenchmark;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot benchmark rescale}: what it costs to learn scale factors. */
@Command(
    name = "rescale",
    description = {
      "Measures an iteration of `rescale { look_ahead {} }` on random images in memory, against as",
      "many plain gradients over the same number of images, taken in turns: medians after a",
      "warm-up."
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot benchmark rescale resnet20-cifar10-sparse95-short --batch 64 --json")
final class BenchmarkRescaleCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;
  @Mixin private Output output;
  @Mixin private SetOption sets;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONFIG|PRESET",
      defaultValue = "resnet20-cifar10-sparse95-short",
      description = {
        "Its network, runtime, sparsity and options are used, its data are not",
        "(default: ${DEFAULT-VALUE})."
      })
  private String config;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Images in each of a gradient's two batches (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "20",
      description = "Iterations that are measured, of each kind (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "3",
      description = "Iterations before them (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Override
  public void run() {
    OptionChecks.atLeast(spec, "--batch", batch, 1);
    OptionChecks.atLeast(spec, "--steps", steps, 1);
    OptionChecks.atLeast(spec, "--warmup", warmup, 0);
    Experiment experiment = ExperimentLoader.loadTemplate(config, sets.values());
    RescaleBenchmark.Report report =
        RescaleBenchmark.run(experiment, new StepBenchmark.Length(batch, steps, warmup));
    output.print(() -> json(report), out -> print(report, out));
  }

  private static void print(RescaleBenchmark.Report report, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s, %.1f %% of the masked weights pruned, %d images a gradient, %d threads%n",
        report.network(),
        100 * report.sparsity(),
        report.images(),
        report.threads());
    Table table = new Table().text("").number("GRADIENTS").number("MEDIAN").number("OVER THEM");
    table.row("a plain gradient", "1", millis(report.gradientMillis()), "");
    for (Iteration i : report.iterations()) {
      table.row(
          "an iteration on the " + name(i),
          String.valueOf(i.gradients()),
          millis(i.medianMillis()),
          String.format(Locale.ROOT, "%.3f×", i.overGradients()));
    }
    out.print(table);
  }

  private static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }

  private static String name(Iteration iteration) {
    return iteration.constrained() ? "constraint" : "objective";
  }

  private static JsonObject json(RescaleBenchmark.Report report) {
    return Json.object(
        "network", report.network(),
        "sparsity", report.sparsity(),
        "images", report.images(),
        "turns", report.turns(),
        "threads", report.threads(),
        "gradient_ms", report.gradientMillis(),
        "iterations", report.iterations().stream().map(BenchmarkRescaleCommand::json).toList());
  }

  private static JsonObject json(Iteration iteration) {
    return Json.object(
        "kind", name(iteration),
        "gradients", iteration.gradients(),
        "median_ms", iteration.medianMillis(),
        "over_gradients", iteration.overGradients());
  }
}
