package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.proto.NamedNetwork;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.NetworkWiring;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.WiredNetwork;
import dev.jackpot.graph.wiring.Wiring;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every network of the catalogue, laid from its wiring, has its parameters, costs and wiring. */
class WiredCatalogueTest {
  private static List<NamedNetwork> all() {
    return NamedNetworks.list();
  }

  @LongRunning
  @ParameterizedTest
  @MethodSource("all")
  void isTheSameFromItsWiring(NamedNetwork named) {
    Network network = Networks.REGISTRY.create(named.getNetwork());
    NetworkSpec spec = new NetworkSpec(named.getImage(), named.getImage(), 3, named.getClasses());
    Wiring wiring = NetworkWiring.of(network, spec);
    WiredNetwork wired = new WiredNetwork(wiring);
    NetworkSummary expected = NetworkSummary.of(network, spec);
    NetworkSummary found = NetworkSummary.of(wired, spec);
    assertThat(found.parameters()).isEqualTo(expected.parameters());
    assertThat(found.costs()).isEqualTo(expected.costs());
    assertThat(NetworkWiring.of(wired, spec).file().getLayersList())
        .isEqualTo(wiring.file().getLayersList());
  }
}
