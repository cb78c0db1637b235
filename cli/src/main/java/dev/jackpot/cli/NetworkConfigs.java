package dev.jackpot.cli;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.NamedNetwork;
import dev.jackpot.config.proto.Network;
import dev.jackpot.graph.Networks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The smallest configs that have a network: one of the catalogue, or a family's default. */
final class NetworkConfigs {
  private NetworkConfigs() {}

  /** What the catalogue and the families are called. */
  static List<String> names() {
    List<String> names = new ArrayList<>(NamedNetworks.names());
    names.addAll(Networks.REGISTRY.names());
    return names;
  }

  /**
   * The config of a name: drawn images, of the size and classes that a network of the catalogue was
   * published for, and a search.
   *
   * @param sets overrides of it
   * @return empty if neither the catalogue nor a family has that name
   * @throws dev.jackpot.config.ConfigException if the overrides do not fit
   */
  static Optional<Experiment> find(String name, List<String> sets) {
    if (!names().contains(name)) {
      return Optional.empty();
    }
    String text =
        NamedNetworks.find(name)
            .map(NetworkConfigs::published)
            .orElseGet(() -> "network { %s } data { drawn {} }".formatted(family(name)));
    return Optional.of(
        ExperimentLoader.parseTemplate(
            text + " stages { search {} epochs: 1 }", Format.TEXTPROTO, "network " + name, sets));
  }

  private static String published(NamedNetwork named) {
    return "network { name: \"%s\" classes: %d } data { drawn {} image_size: %d }"
        .formatted(named.getName(), named.getClasses(), named.getImage());
  }

  private static String family(String name) {
    return Network.getDescriptor().findFieldByName(name) != null
        ? name + " {}"
        : RecipeOptions.plugIn(name);
  }
}
