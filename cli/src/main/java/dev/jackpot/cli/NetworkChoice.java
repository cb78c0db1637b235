package dev.jackpot.cli;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.Names;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.NamedNetwork;
import dev.jackpot.config.proto.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.training.NetworkSpecs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A network and the images it is for, found by what was typed: a name of the catalogue, a family, a
 * preset or a config file.
 *
 * @param spec by the catalogue's entry, or the first entry of the family, or the config's data
 */
record NetworkChoice(Network network, NetworkSpec spec) {
  private static final int CHANNELS = 3;

  /**
   * Finds it.
   *
   * @param sets overrides of the config; for a name or a family, of one that has just that network
   * @throws ConfigException if nothing has that name
   */
  static NetworkChoice of(String name, List<String> sets) {
    Optional<NamedNetwork> named = NamedNetworks.find(name);
    if (named.isPresent()) {
      return published(load("name: \"" + name + "\"", name, sets), named.get());
    }
    if (!Networks.REGISTRY.names().contains(name)) {
      return configured(name, sets);
    }
    boolean builtIn = Network.getDescriptor().findFieldByName(name) != null;
    String choice = builtIn ? name + " {}" : "custom { name: \"" + name + "\" }";
    Experiment experiment = load(choice, name, sets);
    return NamedNetworks.list().stream()
        .filter(n -> NamedNetworks.family(n).equals(name))
        .findFirst()
        .map(n -> published(experiment, n))
        .orElseGet(() -> of(experiment));
  }

  private static Experiment load(String network, String name, List<String> sets) {
    return ExperimentLoader.parse(
        "network { %s } data { drawn {} } stages { train {} epochs: 1 }".formatted(network),
        Format.TEXTPROTO,
        "network " + name,
        sets);
  }

  private static NetworkChoice published(Experiment experiment, NamedNetwork named) {
    int size = named.getImage();
    Network network = experiment.getNetwork();
    return new NetworkChoice(
        network, NetworkSpec.of(network, size, size, CHANNELS, named.getClasses()));
  }

  private static NetworkChoice configured(String name, List<String> sets) {
    if (Presets.text(name).isEmpty() && !Files.exists(Path.of(name))) {
      List<String> known = new ArrayList<>(NamedNetworks.names());
      known.addAll(Networks.REGISTRY.names());
      known.addAll(Presets.names());
      throw new ConfigException(
          "no network, preset or file is called \"%s\"%s".formatted(name, Names.hint(name, known)));
    }
    return of(ExperimentLoader.loadTemplate(name, sets));
  }

  private static NetworkChoice of(Experiment experiment) {
    return new NetworkChoice(experiment.getNetwork(), NetworkSpecs.of(experiment));
  }

  /** The same on square images of another size. */
  NetworkChoice at(int size) {
    return new NetworkChoice(network, new NetworkSpec(size, size, spec.channels(), spec.classes()));
  }

  /** The same with another number of classes. */
  NetworkChoice with(int classes) {
    return new NetworkChoice(
        network, new NetworkSpec(spec.height(), spec.width(), spec.channels(), classes));
  }
}
