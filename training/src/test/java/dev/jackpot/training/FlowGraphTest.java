package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.MobileNetV2;
import dev.jackpot.config.proto.MobileNetV3;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.ResNet;
import dev.jackpot.config.proto.Stem;
import dev.jackpot.config.proto.Vgg;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients.Flow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Synaptic flow is conserved: what enters a layer, or a unit, leaves it. */
class FlowGraphTest {
  private static final NetworkSpec VECTOR = new NetworkSpec(1, 1, 20, 10);
  private static final Scored CHAIN =
      Scored.of(new PlainNetwork(List.of(50, 8, 50), false), VECTOR);

  private static Map<String, float[]> scores(Scored scored, List<Parameter> kernels, Masks masks) {
    try (Flow flow = scored.gradients().flow(kernels)) {
      return flow.scores(masks);
    }
  }

  private static Map<String, float[]> scores(Scored scored) {
    return scores(scored, scored.kernels(), scored.full());
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += v;
    }
    return sum;
  }

  /** 2 inputs, 1 hidden unit, 2 outputs: R = (|1| + |−2|) · (|−3| + |0.5|) = 10.5. */
  @Test
  void isTheShareOfThePathsThroughAWeight() {
    Scored tiny = Scored.of(new PlainNetwork(List.of(1), false), new NetworkSpec(1, 1, 2, 2));
    tiny =
        tiny.with(tiny.kernels().get(0), new float[] {1, -2})
            .with(tiny.kernels().get(1), new float[] {-3, .5f});
    Map<String, float[]> scores = scores(tiny);
    // 4 weights: s = 4 · (sum of the paths through the weight) / R
    assertThat(scores.get("hidden0/kernel")).containsExactly(4 * 3.5f / 10.5f, 4 * 7f / 10.5f);
    assertThat(scores.get("linear/kernel")).containsExactly(4 * 9f / 10.5f, 4 * 1.5f / 10.5f);
  }

  @Test
  void everyLayerHasTheWholeFlow() {
    long weights = CHAIN.kernels().stream().mapToLong(Parameter::size).sum();
    scores(CHAIN)
        .forEach(
            (name, s) -> assertThat(sum(s)).as(name).isCloseTo(weights, within(1e-5 * weights)));
  }

  @Test
  void whatEntersAUnitLeavesIt() {
    Map<String, float[]> scores = scores(CHAIN);
    float[] in = scores.get("hidden1/kernel");
    float[] out = scores.get("hidden2/kernel");
    for (int unit = 0; unit < 8; unit++) {
      double enters = 0;
      double leaves = 0;
      for (int i = 0; i < 50; i++) {
        enters += in[i * 8 + unit];
        leaves += out[unit * 50 + i];
      }
      assertThat(leaves).as("unit %d", unit).isCloseTo(enters, within(1e-5 * enters));
    }
  }

  @Test
  void prunedWeightsHaveNoneAndTheOthersShareIt() {
    Map<String, Mask> masks = new LinkedHashMap<>(CHAIN.full().byName());
    Mask half = Mask.of(CHAIN.kernels().get(1).shape(), everySecond(400));
    masks.put("hidden1/kernel", half);
    Map<String, float[]> scores = scores(CHAIN, CHAIN.kernels(), new Masks(masks));
    for (int i = 0; i < 400; i++) {
      assertThat(scores.get("hidden1/kernel")[i] > 0).isEqualTo(half.kept(i));
    }
    assertThat(sum(scores.get("hidden1/kernel")))
        .isCloseTo(sum(scores.get("linear/kernel")), within(.1));
  }

  private static boolean[] everySecond(int size) {
    boolean[] kept = new boolean[size];
    for (int i = 0; i < size; i += 2) {
      kept[i] = true;
    }
    return kept;
  }

  @Test
  void aNetworkWithoutAPathIsAnError() {
    Map<String, Mask> masks = new LinkedHashMap<>(CHAIN.full().byName());
    masks.put("hidden1/kernel", Mask.of(CHAIN.kernels().get(1).shape(), new boolean[400]));
    assertThatThrownBy(() -> scores(CHAIN, CHAIN.kernels(), new Masks(masks)))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("1900 of 2300 weights kept no path is left");
  }

  static Stream<Network> families() {
    return Stream.of(
        Network.newBuilder().setCifarResnet(CifarResNet.newBuilder().setDepth(20)).build(),
        Network.newBuilder()
            .setCifarResnet(CifarResNet.newBuilder().setDepth(20).setPreactivation(true))
            .build(),
        Network.newBuilder().setResnet(ResNet.newBuilder().setDepth(18).setWidth(.25)).build(),
        Network.newBuilder().setResnet(ResNet.newBuilder().setDepth(50).setWidth(.1)).build(),
        Network.newBuilder().setVgg(Vgg.newBuilder().setDepth(11).setWidth(.25)).build(),
        Network.newBuilder()
            .setMobilenetV2(MobileNetV2.newBuilder().setWidth(.35).setStem(Stem.CIFAR))
            .build(),
        Network.newBuilder()
            .setMobilenetV3(MobileNetV3.newBuilder().setSize(MobileNetV3.Size.SMALL))
            .build());
  }

  /** Nothing of batch norm, biases, gates or bends is left: first and last layer have all of it. */
  @ParameterizedTest
  @MethodSource("families")
  void allOfItGoesThroughTheFirstAndTheLastLayer(Network config) {
    Scored scored = Scored.of(Networks.REGISTRY.create(config), new NetworkSpec(32, 32, 3, 10));
    List<Parameter> kernels =
        scored.kernels().stream().filter(k -> k.role() != Role.SQUEEZE_EXCITE_KERNEL).toList();
    Map<String, float[]> scores = scores(scored, kernels, scored.full());
    double weights = kernels.stream().mapToLong(Parameter::size).sum();
    for (Parameter k : List.of(kernels.get(0), kernels.get(kernels.size() - 1))) {
      assertThat(sum(scores.get(k.name()))).as(k.name()).isCloseTo(weights, within(1e-4 * weights));
    }
    scores.forEach((name, s) -> assertThat(sum(s)).as(name).isPositive());
  }

  /** Float32 ends at 3e38, the flow of a wide or deep network does not. */
  @Test
  void aLargeFlowIsNoDifferentFromASmallOne() {
    Scored large = CHAIN;
    for (Parameter k : CHAIN.kernels()) {
      float[] values = CHAIN.weights(k.name()).clone();
      for (int i = 0; i < values.length; i++) {
        values[i] *= 0x1p60f;
      }
      large = large.with(k, values);
    }
    Map<String, float[]> scores = scores(CHAIN);
    scores(large).forEach((name, s) -> assertThat(s).as(name).isEqualTo(scores.get(name)));
  }

  @Test
  void gatesAreNotInTheFlow() {
    Scored scored =
        Scored.of(
            Networks.REGISTRY.create(
                Network.newBuilder().setMobilenetV3(MobileNetV3.getDefaultInstance()).build()),
            new NetworkSpec(32, 32, 3, 10));
    assertThatThrownBy(() -> scores(scored))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no flow goes through 16 of the prunable kernels of MobileNetV3")
        .hasMessageContaining("block3/squeeze_excite/reduce/kernel")
        .hasMessageContaining("prunable.squeeze_excite: false");
  }
}
