package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.pruning.Overlap;
import dev.jackpot.pruning.Overlap.Agreement;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jackpot overlap}: how far masks agree, against chance. */
@Command(
    name = "overlap",
    description = {
      "Compares masks with each other and with chance (docs/masks.md).",
      "A criterion is given the counts of the first masks, kernel by kernel, so that only",
      "positions are compared."
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot overlap runs/quickstart magnitude@runs/quickstart random")
final class OverlapCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(
      arity = "2..*",
      paramLabel = "MASKS",
      description = {
        "At least two of: a mask file, an .npz of masks, a run or checkpoint, or a criterion",
        "as CRITERION@WEIGHTS (magnitude@resnet20.npz, synflow@runs/quickstart, 'snip { sample",
        "{ batches: 2 } }@resnet20.npz') or random."
      })
  private List<String> arguments;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = {
        "Seed of a random criterion, and of the images that gradients are taken from.",
        "Default: ${DEFAULT-VALUE}."
      })
  private long seed = 1;

  @Option(
      names = "--config",
      paramLabel = "CONFIG",
      description = {
        "A config or preset whose network and data the criteria by gradients (gradient, taylor,",
        "snip, grasp, synflow) use. Default: a run's own."
      })
  private String config;

  /** Two of the arguments. */
  private record Pair(String a, String b, Overlap overlap) {}

  @Override
  public void run() {
    List<MaskArguments.Named> masks = MaskArguments.read(arguments, seed, experiment());
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < masks.size(); i++) {
      for (int j = i + 1; j < masks.size(); j++) {
        MaskArguments.Named a = masks.get(i);
        MaskArguments.Named b = masks.get(j);
        pairs.add(
            new Pair(a.name(), b.name(), Overlap.of(a.name(), a.masks(), b.name(), b.masks())));
      }
    }
    output.print(
        () -> Json.object("pairs", pairs.stream().map(OverlapCommand::json).toList()),
        out -> pairs.forEach(pair -> print(pair, out)));
  }

  private Optional<Experiment> experiment() {
    return Optional.ofNullable(config).map(c -> ExperimentLoader.loadTemplate(c, List.of()));
  }

  private static void print(Pair pair, PrintWriter out) {
    out.printf("A = %s, B = %s%n%n", pair.a(), pair.b());
    Table table =
        new Table()
            .text("KERNEL")
            .number("A")
            .number("B")
            .number("BOTH")
            .number("OF A")
            .number("CHANCE")
            .number("SIGMA")
            .number("JACCARD")
            .number("HAMMING");
    pair.overlap().kernels().forEach((name, agreement) -> row(table, name, agreement));
    row(table, "total", pair.overlap().total());
    out.print(table);
    out.println();
  }

  private static void row(Table table, String name, Agreement agreement) {
    table.row(
        name,
        Figures.count(agreement.keptA()),
        Figures.count(agreement.keptB()),
        Figures.count(agreement.common()),
        Figures.percent(agreement.share()),
        Figures.percent(agreement.chance()),
        Double.isNaN(agreement.deviations())
            ? Figures.ABSENT
            : String.format(Locale.ROOT, "%+.1f", agreement.deviations()),
        String.format(Locale.ROOT, "%.4f", agreement.jaccard()),
        Figures.count(agreement.hamming()));
  }

  private static JsonObject json(Pair pair) {
    Map<String, JsonObject> kernels = new LinkedHashMap<>();
    pair.overlap().kernels().forEach((name, agreement) -> kernels.put(name, json(agreement)));
    return Json.object(
        "a", pair.a(), "b", pair.b(), "total", json(pair.overlap().total()), "kernels", kernels);
  }

  private static JsonObject json(Agreement agreement) {
    return Json.object(
        "kept_a", agreement.keptA(),
        "kept_b", agreement.keptB(),
        "common", agreement.common(),
        "overlap", agreement.share(),
        "jaccard", agreement.jaccard(),
        "hamming", agreement.hamming(),
        "chance", agreement.chance(),
        "deviations", agreement.deviations());
  }
}
