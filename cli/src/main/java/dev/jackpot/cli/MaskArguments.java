package dev.jackpot.cli;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.Names;
import dev.jackpot.config.proto.Criterion;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.export.WeightSource;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.pruning.Criteria;
import dev.jackpot.pruning.MaskSelection;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.training.CriterionGradients;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Masks as a command line names them: where they lie, or a criterion that makes them. */
final class MaskArguments {
  private static final String RANDOM = "random";

  /** The field that holds a plug-in's name and options. */
  private static final String PLUG_IN = "custom";

  private MaskArguments() {}

  /** Masks and what they were called. */
  record Named(String name, Masks masks) {}

  /** CRITERION@WEIGHTS, or a criterion that looks at no weights. */
  private record OnTheFly(String criterion, Optional<Path> weights) {}

  /**
   * Reads or makes all of them.
   *
   * @param seed of a random criterion
   * @param config whose network and data criteria by gradients use; a run has its own
   * @throws ConfigException if one is nothing known, or all are criteria, which have no counts
   */
  static List<Named> read(List<String> arguments, long seed, Optional<Experiment> config) {
    Map<String, Optional<OnTheFly>> all = new LinkedHashMap<>();
    arguments.forEach(a -> all.put(a, onTheFly(a)));
    Map<String, Masks> stored = new LinkedHashMap<>();
    all.forEach(
        (argument, criterion) -> {
          if (criterion.isEmpty()) {
            stored.put(argument, MaskFiles.open(Path.of(argument)).masks());
          }
        });
    if (stored.isEmpty()) {
      throw new ConfigException(
          "%s: expected at least one mask file or run, whose counts the criteria are given"
              .formatted(String.join(" ", arguments)));
    }
    Masks counts = stored.values().iterator().next();
    List<Named> named = new ArrayList<>();
    for (String argument : arguments) {
      Masks masks =
          all.get(argument)
              .map(c -> make(c, counts, seed, config))
              .orElseGet(() -> stored.get(argument));
      named.add(new Named(argument, masks));
    }
    return named;
  }

  private static Optional<OnTheFly> onTheFly(String argument) {
    if (Files.exists(Path.of(argument))) {
      return Optional.empty();
    }
    int at = argument.indexOf('@');
    String criterion = (at < 0 ? argument : argument.substring(0, at)).strip();
    String name = nameOf(criterion);
    Set<String> known = Criteria.REGISTRY.names();
    if (at < 0 && !known.contains(name)) {
      return Optional.empty();
    } else if (!known.contains(name) && !name.equals(PLUG_IN)) {
      throw new ConfigException(
          "%s: no criterion is called \"%s\"%s".formatted(argument, name, Names.hint(name, known)));
    } else if (at < 0 && !name.equals(RANDOM)) {
      throw new ConfigException(
          "%s: expected %s@WEIGHTS, the weights that it scores".formatted(argument, criterion));
    }
    Optional<Path> weights =
        at < 0 ? Optional.empty() : Optional.of(Path.of(argument.substring(at + 1)));
    return Optional.of(new OnTheFly(criterion, weights));
  }

  /** The word before the options. */
  private static String nameOf(String criterion) {
    return criterion.split("[\\s{]", 2)[0];
  }

  private static Masks make(OnTheFly how, Masks counts, long seed, Optional<Experiment> config) {
    Optional<Experiment> experiment =
        how.weights().flatMap(w -> config.or(() -> NetworkWeights.ownConfig(w, List.of())));
    Map<String, HostTensor> weights =
        experiment
            .map(e -> NetworkWeights.read(how.weights().get(), e, NetworkWeights.network(e)))
            .orElseGet(() -> weights(how, counts));
    NetworkGradients network = network(how, experiment, weights);
    dev.jackpot.pruning.Criterion criterion = Criteria.REGISTRY.create(options(how.criterion()));
    return MaskSelection.atCounts(counts, criterion, weights, seed, network);
  }

  private static NetworkGradients network(
      OnTheFly how, Optional<Experiment> experiment, Map<String, HostTensor> weights) {
    String remedy = "give --config, or the weights of a run";
    if (how.weights().isEmpty()) {
      return NetworkGradients.none(remedy);
    }
    Path path = how.weights().get();
    return experiment
        .map(e -> CriterionGradients.of(NetworkWeights.with(e, path), weights))
        .orElseGet(() -> CriterionGradients.withoutNetwork(path, remedy));
  }

  /** A name, or a name with options as a config writes them. */
  private static Criterion options(String criterion) {
    String text = criterion;
    if (!criterion.endsWith("}")) {
      boolean builtIn = Criterion.getDescriptor().findFieldByName(criterion) != null;
      text = builtIn ? criterion + " {}" : RecipeOptions.plugIn(criterion);
    }
    return ExperimentLoader.parseTemplate(
            "data { drawn {} } network { cifar_resnet {} }"
                + " stages { search { criterion { %s } } epochs: 1 }".formatted(text),
            Format.TEXTPROTO,
            criterion,
            List.of())
        .getStages(0)
        .getSearch()
        .getCriterion();
  }

  /** Of the masks' kernels; zeros where the criterion looks at none. */
  private static Map<String, HostTensor> weights(OnTheFly how, Masks counts) {
    Map<String, HostTensor> weights = new LinkedHashMap<>();
    if (how.weights().isEmpty()) {
      counts.byName().forEach((name, m) -> weights.put(name, HostTensor.filled(m.shape(), 0)));
      return weights;
    }
    try (WeightSource source = WeightFormats.open(how.weights().get())) {
      counts.names().forEach(name -> weights.put(name, source.read(name)));
    }
    return weights;
  }
}
