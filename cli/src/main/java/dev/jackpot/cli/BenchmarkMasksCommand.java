package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.Networks;
import dev.jackpot.training.MaskBenchmark;
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

/** {@code jackpot benchmark masks}: how long it takes to make them. */
@Command(
    name = "masks",
    description = {
      "Measures how masks are chosen from given scores, and SynFlow's rounds against a pass",
      "through the network and a selection each, taken in turns."
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot benchmark masks resnet-50 --rounds 100 --json")
final class BenchmarkMasksCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;
  @Mixin private Output output;
  @Mixin private SetOption sets;

  @Parameters(
      arity = "0..1",
      paramLabel = "NETWORK",
      defaultValue = "resnet-50",
      description = {
        "A network's name or family (see `jackpot list networks`), or a config or preset",
        "(default: ${DEFAULT-VALUE})."
      })
  private String network;

  @Option(
      names = "--sparsity",
      paramLabel = "SHARE",
      defaultValue = "0.9",
      description = "Share that is pruned in the end, in [0, 1) (default: ${DEFAULT-VALUE}).")
  private double sparsity;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "Rounds of SynFlow (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  public void run() {
    require(
        sparsity >= 0 && sparsity < 1,
        "--sparsity: found %s, expected a number in [0, 1)",
        sparsity);
    require(rounds >= 1, "--rounds: found %s, expected at least 1", rounds);
    NetworkChoice choice = NetworkChoice.of(network, sets.values());
    MaskBenchmark.Report report =
        MaskBenchmark.run(
            Networks.REGISTRY.create(choice.network()),
            choice.spec(),
            Runtime.getDefaultInstance(),
            sparsity,
            rounds,
            1);
    output.print(() -> json(report), out -> print(report, out));
  }

  private void require(boolean holds, String message, Object found) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message.formatted(found));
    }
  }

  private static void print(MaskBenchmark.Report report, PrintWriter out) {
    out.printf(
        "%s, %s prunable weights, %d threads%n",
        report.network(), Figures.count(report.weights()), report.threads());
    Table table = new Table().text("").number("MEDIAN");
    List.of(
            row("one selection from given scores", report.selectMillis()),
            row("one image forward and back, float64", report.passMillis()),
            row("one of %d rounds of SynFlow".formatted(report.rounds()), report.roundMillis()))
        .forEach(r -> table.row(r[0], r[1]));
    out.print(table);
    out.printf(
        Locale.ROOT,
        "a round of SynFlow takes %.2f× a pass and a selection beside it%n"
            + "a selection allocates %.0f MB beyond the scores%n",
        report.ratio(),
        report.selectMegabytes());
  }

  private static Object[] row(String what, double millis) {
    return new Object[] {what, String.format(Locale.ROOT, "%.0f ms", millis)};
  }

  private static JsonObject json(MaskBenchmark.Report report) {
    return Json.object(
        "network", report.network(),
        "weights", report.weights(),
        "threads", report.threads(),
        "select_ms", report.selectMillis(),
        "select_mb", report.selectMegabytes(),
        "pass_ms", report.passMillis(),
        "rounds", report.rounds(),
        "round_ms", report.roundMillis(),
        "round_over_parts", report.ratio());
  }
}
