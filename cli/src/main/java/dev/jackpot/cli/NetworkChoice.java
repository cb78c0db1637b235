package dev.jackpot.cli;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.Names;
import dev.jackpot.config.Presets;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.NamedNetwork;
import dev.jackpot.config.proto.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.training.NetworkSpecs;
import java.nio.file.Files;
import java.nio.file.Path;
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
    Optional<Experiment> known = NetworkConfigs.find(name, sets);
    if (known.isEmpty()) {
      return configured(name, sets);
    }
    return NamedNetworks.find(name)
        .or(() -> firstOf(name))
        .map(n -> published(known.get(), n))
        .orElseGet(() -> of(known.get()));
  }

  private static Optional<NamedNetwork> firstOf(String family) {
    return NamedNetworks.list().stream()
        .filter(n -> NamedNetworks.family(n).equals(family))
        .findFirst();
  }

  private static NetworkChoice published(Experiment experiment, NamedNetwork named) {
    int size = named.getImage();
    Network network = experiment.getNetwork();
    return new NetworkChoice(
        network, NetworkSpec.of(network, size, size, CHANNELS, named.getClasses()));
  }

  private static NetworkChoice configured(String name, List<String> sets) {
    if (Presets.text(name).isEmpty() && !Files.exists(Path.of(name))) {
      List<String> known = NetworkConfigs.names();
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
