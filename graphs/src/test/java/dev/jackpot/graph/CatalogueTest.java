package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.proto.NamedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The counts in configs/networks.textproto are those of the networks as they are laid. */
class CatalogueTest {
  private static final Path FILE = Path.of("..", "configs", "networks.textproto");

  private static List<NamedNetwork> all() {
    return NamedNetworks.list();
  }

  @ParameterizedTest
  @MethodSource("all")
  void countsAreTrue(NamedNetwork named) throws IOException {
    NetworkSpec spec = new NetworkSpec(named.getImage(), named.getImage(), 3, named.getClasses());
    NetworkSummary summary = NetworkSummary.of(Networks.REGISTRY.create(named.getNetwork()), spec);
    if (Boolean.getBoolean("jackpot.catalogue.write")) {
      write(named.getName(), summary);
    } else {
      assertThat(summary.parameterCount())
          .as("parameters of %s; -Djackpot.catalogue.write=true writes them", named.getName())
          .isEqualTo(named.getParameters());
      assertThat(summary.multiplyAccumulates())
          .as("multiply-accumulates of %s", named.getName())
          .isEqualTo(named.getMultiplyAccumulates());
    }
  }

  private static void write(String name, NetworkSummary summary) throws IOException {
    String entry =
        "(name: \"%s\"\n(?:[^}].*\n)*)  parameters: .*\n  multiply_accumulates: .*\n"
            .formatted(Pattern.quote(name));
    String counted =
        "$1  parameters: %d\n  multiply_accumulates: %d\n"
            .formatted(summary.parameterCount(), summary.multiplyAccumulates());
    Files.writeString(FILE, Files.readString(FILE).replaceFirst(entry, counted));
  }
}
