package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.export.compaction.DeadDecay;
import dev.jackpot.export.compaction.ValuedWiring;
import dev.jackpot.export.compaction.Widening;
import dev.jackpot.export.compaction.WiredFolder;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jackpot widen}: a network with copies of hidden channels, and a mask that cuts them. */
@Command(
    name = "widen",
    description = {
      "Plants redundancy: copies of hidden channels that take a small share of the outgoing",
      "weights, and a mask that cuts them off again (docs/redundancy.md). Without --layer it lists",
      "the layers that can be widened."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  jackpot widen runs/dense --layer layer3/0/conv --layer layer3/1/conv --rate 0.1 --steps"
            + " 391 --out planted")
final class WidenCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private NetworkArguments arguments;
  @Mixin private Output output;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description = "A convolution or hidden dense layer; may be given several times.")
  private List<String> layers = List.of();

  @Option(
      names = "--copies",
      paramLabel = "K|all",
      defaultValue = "all",
      description = "Of how many of a layer's channels, from the first on. Default: all.")
  private String copies;

  @Option(
      names = "--share",
      defaultValue = "1e-3",
      paramLabel = "S",
      description = "Of the outgoing weights that the copies take. Default: 1e-3.")
  private double share;

  @Option(names = "--rate", defaultValue = "0.1", description = "For the prediction: the rate.")
  private double rate;

  @Option(names = "--momentum", defaultValue = "0.9", description = "For the prediction.")
  private double momentum;

  @Option(names = "--decay", defaultValue = "5e-4", description = "For the prediction: λ.")
  private double decay;

  @Option(names = "--steps", defaultValue = "391", description = "For the prediction: per epoch.")
  private long steps;

  @Option(names = "--out", paramLabel = "DIR", description = "A new folder for the network.")
  private Path directory;

  @Override
  public void run() {
    ValuedWiring network = arguments.load().wiring();
    if (layers.isEmpty()) {
      List<String> names = Widening.layers(network);
      output.print(() -> Json.object("layers", names), out -> names.forEach(out::println));
      return;
    }
    if (directory == null) {
      throw new ConfigException("--out: not given; expected a new folder");
    }
    WiredFolder.requireNew(directory);
    Widening.Result result = Widening.of(network, layers, count(), share);
    WiredFolder.write(
        directory,
        result.network(),
        result.cut(),
        MaskProvenance.newBuilder().setSource("widen").build());
    DeadDecay dead = new DeadDecay(rate, momentum, decay);
    output.print(() -> json(result, dead), out -> print(result, dead, out));
  }

  private OptionalInt count() {
    try {
      return copies.equals("all") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(copies));
    } catch (NumberFormatException e) {
      throw new ConfigException("--copies: expected a number or all, found " + copies);
    }
  }

  private void print(Widening.Result result, DeadDecay dead, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s%nthe mask cuts %s weights; %s more lose their gradient: amplification %.3g%n",
        directory,
        Figures.count(result.cutWeights()),
        Figures.count(result.upstream()),
        result.amplification());
    out.printf(
        Locale.ROOT,
        "at rate %s, momentum %s and weight decay %s they shrink by %.8f a step, %.4f an epoch of"
            + " %d steps%n",
        rate,
        momentum,
        decay,
        dead.perStep(),
        dead.perEpoch(steps),
        steps);
  }

  private JsonObject json(Widening.Result result, DeadDecay dead) {
    return Json.object(
        "directory", directory,
        "cut_weights", result.cutWeights(),
        "upstream_weights", result.upstream(),
        "amplification", result.amplification(),
        "factor_per_step", dead.perStep(),
        "factor_per_epoch", dead.perEpoch(steps));
  }
}
