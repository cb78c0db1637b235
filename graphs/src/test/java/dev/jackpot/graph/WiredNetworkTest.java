package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.proto.Wired;
import dev.jackpot.config.proto.WiredLayer;
import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.config.proto.WiringFile;
import dev.jackpot.graph.wiring.Wiring;
import dev.jackpot.graph.wiring.WiringFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * A network laid from its own wiring is the network, op for op: parameters, costs and logits are
 * then equal bit for bit.
 */
class WiredNetworkTest {
  @TempDir private Path folder;

  /** One of each kind of block, stem and head; a long test of tests/ takes the whole catalogue. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-20",
        "resnet-20-preact",
        "resnet-18-v2",
        "resnet-50",
        "vgg-11",
        "vgg-11-imagenet",
        "mobilenet-v1",
        "mobilenet-v2-cifar",
        "mobilenet-v3-large"
      })
  void isTheNetworkOpForOp(String name) {
    // an adaptive average is at work on fewer than 224 pixels
    check(network(name), new NetworkSpec(64, 64, 3, 7), Phase.INFERENCE, GhostForm.NONE);
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void inEveryPhase(Phase phase) {
    for (String name : List.of("mobilenet-v3-small", "vgg-11-imagenet-bn")) {
      check(network(name), new NetworkSpec(64, 64, 3, 7), phase, GhostForm.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource(dev.jackpot.config.proto.Network.Origin.class)
  void ofEveryOrigin(dev.jackpot.config.proto.Network.Origin origin) {
    dev.jackpot.config.proto.Network.Builder config =
        NamedNetworks.list().stream()
            .filter(n -> n.getName().equals("resnet-18-v2"))
            .findFirst()
            .orElseThrow()
            .getNetwork()
            .toBuilder()
            .setOrigin(origin);
    config.getBatchNormBuilder().setMomentum(.5);
    Network network = Networks.REGISTRY.create(config.build());
    check(network, new NetworkSpec(64, 64, 3, 7), Phase.TRAINING, GhostForm.NONE);
  }

  @Test
  void hasTheSameGhosts() {
    GhostForm ghosts = new GhostForm(Optional.of(new SoftNeurons.Mish()), true);
    for (String name : List.of("resnet-20", "vgg-11")) {
      check(network(name), new NetworkSpec(32, 32, 3, 7), Phase.TRAINING, ghosts);
    }
  }

  private void check(Network network, NetworkSpec spec, Phase phase, GhostForm ghosts) {
    Path file = folder.resolve("wiring.textproto");
    WiringFiles.write(file, NetworkWiring.of(network, spec));
    assertThat(graph(wired(file), spec, phase, ghosts))
        .isEqualTo(graph(network, spec, phase, ghosts));
  }

  private static GraphDef graph(Network network, NetworkSpec spec, Phase phase, GhostForm ghosts) {
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, network, spec, p -> KernelForm.MASKED);
      model.lay(
          model.tf().placeholder(TFloat32.class, Placeholder.shape(spec.images(-1))),
          phase,
          ghosts);
      return graph.toGraphDef();
    }
  }

  private static Network network(String name) {
    return Networks.REGISTRY.create(
        NamedNetworks.list().stream()
            .filter(n -> n.getName().equals(name))
            .findFirst()
            .orElseThrow()
            .getNetwork());
  }

  private static Network wired(Path file) {
    return Networks.REGISTRY.create(
        dev.jackpot.config.proto.Network.newBuilder()
            .setWired(Wired.newBuilder().setPath(file.toString()))
            .build());
  }

  @Test
  void sizesAreThoseOfTheLaidNetwork() {
    Wiring wiring = NetworkWiring.of(network("mobilenet-v2"), new NetworkSpec(97, 65, 3, 7));
    NetworkSummary summary =
        NetworkSummary.of(network("mobilenet-v2"), new NetworkSpec(97, 65, 3, 7));
    assertThat(wiring.kernels().keySet())
        .containsExactlyElementsOf(summary.kernels().stream().map(Parameter::name).toList());
    for (LayerCost cost : summary.costs()) {
      var node = wiring.kernels().get(cost.kernel().name());
      assertThat((long) node.height() * node.width()).as(node.place()).isEqualTo(cost.positions());
    }
  }

  /** A residual branch of raw ops. */
  private static final class Outsider implements Network {
    @Override
    public <T extends TFloating> Operand<T> lay(Layers<T> layers, Operand<T> images, int classes) {
      Operand<T> x = layers.convolution("first", images, 4, 3, 1);
      x = layers.add(x, layers.tf().math.softplus(x));
      return layers.classifier("linear", layers.globalAverage(x), classes);
    }

    @Override
    public Conventions conventions() {
      return Conventions.PYTORCH;
    }

    @Override
    public String title() {
      return "outsider";
    }
  }

  @Test
  void opsThatAreNoLayersAreNamed() {
    Wiring wiring = NetworkWiring.of(new Outsider(), new NetworkSpec(8, 8, 3, 2));
    assertThatThrownBy(() -> wiring.requireKnown("compaction", "packed storage takes any network"))
        .isInstanceOf(JackpotException.class)
        .hasMessage(
            "outsider: this network has Softplus after first, which compaction does not know; "
                + "packed storage takes any network");
    assertThatThrownBy(() -> WiringFiles.write(folder.resolve("w.textproto"), wiring))
        .hasMessageContaining("Softplus after first");
  }

  private static WiringFile small() {
    return NetworkWiring.of(network("resnet-20"), new NetworkSpec(32, 32, 3, 7)).file();
  }

  private static WiringFile changed(int layer, UnaryOperator<WiredLayer.Builder> change) {
    WiringFile.Builder file = small().toBuilder();
    file.setLayers(layer, change.apply(file.getLayers(layer).toBuilder()));
    return file.build();
  }

  private static void refused(WiringFile file, String message) {
    assertThatThrownBy(() -> Wiring.of(file, "w"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatCannotBeIsRefused() {
    refused(
        changed(1, l -> l.setInputs(0, 5)),
        "w: layers[1] (CONVOLUTION conv1).inputs: expected layers before it, found 5");
    refused(changed(2, l -> l.setInputs(0, 2)), "(BATCH_NORM bn1).inputs: expected layers before");
    refused(changed(1, l -> l.setFilters(2_000_000_000)), "filters: expected from 1 to 1048576");
    refused(changed(1, l -> l.setStride(64)), "stride: expected from 1 to 32, found 64");
    refused(changed(1, l -> l.setSize(2)), "size: expected an odd number, found 2");
    refused(changed(2, l -> l.setName("a b")), "name: expected letters");
    refused(changed(4, l -> l.setName("conv1")), "name: expected another for each layer");
    refused(changed(2, l -> l.setName("-bn")), "name: expected letters");
    refused(changed(1, l -> l.clearInputs()), "inputs: expected 1, found 0");
    refused(changed(0, l -> l.setKind(Kind.RELU)), "kind: expected IMAGES first");
    refused(small().toBuilder().setVersion(2).build(), "w: version: expected 1, found 2");
    refused(small().toBuilder().setLogits(4000).build(), "w: logits: expected the index");
  }

  private static void refused(String layers, String message) throws Exception {
    String head =
        """
        version: 1 epsilon: 1e-5 momentum: 0.9
        layers { kind: IMAGES height: 8 width: 8 filters: 3 }
        """;
    refused(TextFormat.parse(head + layers, WiringFile.class), message);
  }

  @Test
  void whatWouldBeTooLargeIsRefused() throws Exception {
    String pad = "layers { kind: PAD_CHANNELS inputs: %d before: 1000000 after: 40000 }\n";
    refused(
        pad.formatted(0) + pad.formatted(1),
        "layers[2] (PAD_CHANNELS).after: expected at most 1048576 channels, found 2080003");
    refused(
        pad.formatted(0) + "layers { kind: DEPTHWISE name: \"d\" inputs: 1 size: 1023 stride: 1 }",
        "filters: expected at most 1073741824 weights in all");
    String dense =
        "layers { kind: CONVOLUTION name: \"%s\" inputs: 1 filters: 600 size: 1 stride: 1 }\n";
    refused(
        pad.formatted(0) + dense.formatted("a") + dense.formatted("b"),
        "layers[3] (CONVOLUTION b).filters: expected at most 1073741824 weights in all");
    refused(
        TextFormat.parse(
            "version: 1 epsilon: 1e-5 momentum: 0.9"
                + " layers { kind: IMAGES height: 16384 width: 16384 filters: 1048576 }"
                + " layers { kind: GLOBAL_AVERAGE inputs: 0 }",
            WiringFile.class),
        "layers[0] (IMAGES).inputs: expected at most 1073741824 values");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        layers { kind: GLOBAL_AVERAGE inputs: 0 }
        layers { kind: DENSE name: "d" inputs: 1 filters: 4 }
        layers { kind: BIAS name: "d" inputs: 2 }
        """,
        """
        layers { kind: CONVOLUTION name: "d" inputs: 0 filters: 4 size: 1 stride: 1 bias: true }
        layers { kind: BIAS name: "d" inputs: 1 }
        """,
        """
        layers { kind: SQUEEZE_EXCITE name: "d" inputs: 0 filters: 4 slope: 1 }
        layers { kind: CONVOLUTION name: "d/reduce" inputs: 1 filters: 4 size: 1 stride: 1 }
        """
      })
  void twoParametersOfOneNameAreRefused(String layers) throws Exception {
    refused(layers, "name: expected another for each layer, found \"d");
  }

  @Test
  void filesThatAreNoWiringsAreRefused() throws Exception {
    Path missing = folder.resolve("none.textproto");
    assertThatThrownBy(() -> WiringFiles.read(missing)).hasMessageContaining("no such wiring");
    Path other = Files.writeString(folder.resolve("other.textproto"), "stages { }");
    assertThatThrownBy(() -> WiringFiles.read(other)).hasMessageContaining("not a wiring");
  }

  @Test
  void classesMustBeTheWirings() {
    Path file = folder.resolve("w.textproto");
    WiringFiles.write(file, Wiring.of(small(), "w"));
    assertThatThrownBy(() -> NetworkSummary.of(wired(file), new NetworkSpec(32, 32, 3, 10)))
        .hasMessageContaining("the wiring has 7 classes, expected 10");
  }
}
