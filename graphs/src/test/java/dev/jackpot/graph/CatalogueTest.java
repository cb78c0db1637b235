package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.NamedNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The counts in configs/networks.textproto are those of the networks as they are laid, and the
 * names and shapes of their parameters never change: checkpoints and masks depend on them.
 */
class CatalogueTest {
  private static final Path NAMES = Path.of("src", "test", "resources", "parameter-names.txt");
  private static final Path FILE = Path.of("..", "configs", "networks.textproto");

  private static final Map<NamedNetwork, NetworkSummary> LAID = new HashMap<>();

  private static NetworkSummary lay(NamedNetwork named) {
    NetworkSpec spec = new NetworkSpec(named.getImage(), named.getImage(), 3, named.getClasses());
    return NetworkSummary.of(Networks.REGISTRY.create(named.getNetwork()), spec);
  }

  private static List<NamedNetwork> all() {
    return NamedNetworks.list();
  }

  @ParameterizedTest
  @MethodSource("all")
  void countsAreTrue(NamedNetwork named) throws IOException {
    NetworkSummary summary = LAID.computeIfAbsent(named, CatalogueTest::lay);
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

  /**
   * A new network's line is written by {@code -Djackpot.catalogue.write=true}; no other changes.
   */
  @ParameterizedTest
  @MethodSource("all")
  void parametersKeepTheirNamesAndShapes(NamedNetwork named) throws IOException {
    NetworkSummary summary = LAID.computeIfAbsent(named, CatalogueTest::lay);
    String names =
        summary.parameters().stream()
            .map(p -> p.name() + " " + Arrays.toString(p.shape().asArray()) + "\n")
            .collect(Collectors.joining());
    String line = named.getName() + " " + Sha256.of(names.getBytes(StandardCharsets.UTF_8));
    List<String> committed = Files.readAllLines(NAMES);
    if (Boolean.getBoolean("jackpot.catalogue.write")
        && committed.stream().noneMatch(l -> l.startsWith(named.getName() + " "))) {
      Files.writeString(NAMES, line + "\n", StandardOpenOption.APPEND);
    } else {
      assertThat(committed).as("%s has\n%s", named.getName(), names).contains(line);
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
