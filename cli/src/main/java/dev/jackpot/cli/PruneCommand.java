package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.ExperimentText;
import dev.jackpot.config.MaskRecipes;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.pruning.Recipe;
import dev.jackpot.training.CriterionGradients;
import dev.jackpot.training.MaskProvenances;
import dev.jackpot.training.StageKinds;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jackpot prune}: a mask from weights, without training. */
@Command(
    name = "prune",
    description = {
      "Makes a mask from weights, without training (docs/masks.md).",
      "The recipe is that of the config's search stage; the options here change it.",
      "Criteria that take gradients (gradient, taylor, snip, grasp) need the config's data."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  jackpot prune resnet20.npz --network resnet-20 --sparsity 0.9 --allocation erk --out"
          + " a.masks",
      "  jackpot prune runs/quickstart --pattern 2:4 --out b.npz",
      "  jackpot prune resnet20.npz --config resnet20-cifar10 --criterion snip --out c.masks"
    })
final class PruneCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private Output output;
  @Mixin private SetOption sets;
  @Mixin private RecipeOptions recipe;

  @Parameters(
      paramLabel = "WEIGHTS",
      description = "A weights file, a checkpoint or a run (whose own config is used by default).")
  private Path weights;

  @ArgGroup private Source source;

  /** What the weights belong to. */
  private static final class Source {
    @Option(
        names = "--network",
        paramLabel = "NAME",
        description = "The network's name or family (see `jackpot list networks`).")
    private String network;

    @Option(
        names = "--config",
        paramLabel = "CONFIG",
        description = "A config or preset whose network, renames and search stage are used.")
    private String config;
  }

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the masks go: a mask file (.masks), or uint8 arrays (.npz).")
  private Path out;

  @Override
  public void run() {
    MaskFiles.requireEnding(out);
    Experiment experiment = experiment();
    Stage stage = search(experiment).orElseThrow();
    NetworkSummary network = NetworkWeights.network(experiment);
    Map<String, HostTensor> values = NetworkWeights.read(weights, experiment, network);
    Masks masks =
        Recipe.of(MaskRecipes.of(stage.getSearch()))
            .masks(
                network.parameters(),
                values,
                MaskProvenances.seed(experiment, stage),
                gradients(experiment, values));
    MaskFiles.write(out, masks, MaskProvenances.of("prune", experiment, stage));
    output.print(() -> json(masks), text -> print(masks, network, text));
  }

  /** A network's name comes without images; a config, given or the run's own, has some. */
  private NetworkGradients gradients(Experiment experiment, Map<String, HostTensor> values) {
    boolean nameOnly = source != null && source.network != null;
    return nameOnly
        ? CriterionGradients.withoutData(experiment, values, "give --config instead of --network")
        : CriterionGradients.of(experiment, values);
  }

  /**
   * The config with the recipe's options applied to its search stage, and these weights. One
   * without a search has its stages replaced by one: the mask depends on none of them, and they may
   * have any name.
   */
  private Experiment experiment() {
    Experiment base = load(sets.values());
    if (search(base).isEmpty()) {
      base =
          base.toBuilder()
              .clearStages()
              .addStages(Stage.newBuilder().setSearch(Search.getDefaultInstance()).setEpochs(1))
              .build();
    }
    List<String> options = recipe.sets(StageKinds.nameOf(search(base).orElseThrow()));
    Experiment experiment =
        ExperimentLoader.parseTemplate(
            ExperimentText.print(base), Format.TEXTPROTO, "the recipe", options);
    return NetworkWeights.with(experiment, weights);
  }

  private static Optional<Stage> search(Experiment experiment) {
    return experiment.getStagesList().stream().filter(Stage::hasSearch).findFirst();
  }

  private Experiment load(List<String> sets) {
    if (source != null && source.config != null) {
      return ExperimentLoader.loadTemplate(source.config, sets);
    } else if (source != null) {
      return NetworkConfigs.find(source.network, sets)
          .orElseThrow(
              () ->
                  new ConfigException(
                      "--network: no network is called \"%s\"%s"
                          .formatted(
                              source.network, Names.hint(source.network, NetworkConfigs.names()))));
    }
    return NetworkWeights.ownConfig(weights, sets)
        .orElseThrow(
            () ->
                new ConfigException(
                    "%s does not say which network it is for; give --network or --config"
                        .formatted(weights)));
  }

  private void print(Masks masks, NetworkSummary network, PrintWriter text) {
    MaskTable.print(masks, text);
    List<String> empty =
        masks.byName().entrySet().stream()
            .filter(e -> e.getValue().kept() == 0)
            .map(Map.Entry::getKey)
            .toList();
    int dense = network.kernels().size() - masks.names().size();
    text.println();
    if (!empty.isEmpty()) {
      text.printf("keep nothing, so that no signal passes: %s%n", String.join(", ", empty));
    }
    if (dense > 0) {
      text.printf("%d of %d kernels stay dense%n", dense, network.kernels().size());
    }
    text.printf("sparsity %s: %s%n", Figures.percent(1 - masks.density()), out);
  }

  private JsonObject json(Masks masks) {
    return Json.object(
        "masks", out,
        "kept", masks.kept(),
        "size", masks.size(),
        "sparsity", 1 - masks.density(),
        "sha256", masks.sha256(),
        "kernels", masks.byName().entrySet().stream().map(PruneCommand::json).toList());
  }

  private static JsonObject json(Map.Entry<String, Mask> kernel) {
    Mask mask = kernel.getValue();
    return Json.object(
        "name", kernel.getKey(),
        "shape", mask.shape().asArray(),
        "kept", mask.kept(),
        "size", mask.size());
  }
}
