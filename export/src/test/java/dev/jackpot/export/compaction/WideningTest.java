package dev.jackpot.export.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ConfigException;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.wiring.Reachability;
import dev.jackpot.pruning.Mask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Copies leave the logits; a cut leaves exactly what feeds the copies without a gradient. */
class WideningTest {
  private static final double SHARE = 1e-3;

  @Test
  void copiesLeaveTheLogits() {
    check("vgg { depth: 11 width: 0.1 }", List.of("layer2/0/conv", "layer3/0/conv"), 5);
    check("mobilenet_v3 { size: SMALL width: 0.3 }", List.of("block5/expand"), 8);
    check("resnet { depth: 50 width: 0.1 }", List.of("layer1/0/conv1", "layer1/0/conv2"), 0);
  }

  private static void check(String config, List<String> layers, int count) {
    ValuedWiring network = LaidLogits.network(config, 32, new Random(3));
    OptionalInt copies = count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
    Widening.Result wide = Widening.of(network, layers, copies, SHARE);
    CompactionTest.close(LaidLogits.logits(wide.network()), LaidLogits.logits(network));
    assertThat(wide.cutWeights()).isPositive();
    assertThat(wide.amplification()).isPositive();
  }

  /** By hand: conv [3,3,6,13] copied wholly, read by conv [3,3,13,26]. */
  @Test
  void theAmplificationIsWhatEntersOverWhatLeaves() {
    ValuedWiring network = LaidLogits.network("vgg { depth: 11 width: 0.1 }", 32, new Random(3));
    Widening.Result one =
        Widening.of(network, List.of("layer2/0/conv"), OptionalInt.empty(), SHARE);
    assertThat(one.upstream()).isEqualTo(9 * 6 * 13);
    assertThat(one.cutWeights()).isEqualTo(9 * 13 * 26);
    Widening.Result chain =
        Widening.of(network, List.of("layer2/0/conv", "layer3/0/conv"), OptionalInt.empty(), SHARE);
    assertThat(chain.upstream())
        .as("the copies of the one feed those of the other only")
        .isEqualTo(9 * 6 * 13 + 9 * 13 * 26);
    assertThat(chain.cutWeights()).isEqualTo(9 * 26 * 26);
  }

  @Test
  void whatIsPredictedHasNoGradientAndDecaysByTheFormula() {
    ValuedWiring network = LaidLogits.network("vgg { depth: 11 width: 0.1 }", 32, new Random(3));
    Widening.Result wide = Widening.of(network, List.of("layer2/0/conv"), OptionalInt.of(4), SHARE);
    Map<String, HostTensor> cut = new LinkedHashMap<>(wide.network().values());
    wide.cut().byName().forEach((k, mask) -> cut.computeIfPresent(k, (n, v) -> masked(v, mask)));
    Map<String, float[]> gradients =
        LaidLogits.gradients(new ValuedWiring(wide.network().wiring(), cut, Map.of()));
    Reachability reachability =
        Reachability.of(wide.network().wiring(), k -> wide.cut().get(k)::kept);
    int[] dead = reachability.deadWeights("layer2/0/conv/kernel").stream().toArray();
    assertThat((long) dead.length).isEqualTo(wide.upstream());
    float[] gradient = gradients.get("layer2/0/conv/kernel");
    for (int i : dead) {
      assertThat(gradient[i]).isZero();
    }
    double rate = .1;
    double weight = 1;
    double velocity = 0;
    DeadDecay decay = new DeadDecay(rate, .9, 5e-4);
    double before = 0;
    for (int step = 0; step < 400; step++) {
      before = weight;
      velocity = .9 * velocity + 5e-4 * weight;
      weight -= rate * velocity;
    }
    assertThat(weight / before).isCloseTo(decay.perStep(), within(1e-12));
    assertThat(new DeadDecay(.1, .9, 1e-4).perEpoch(5005)).isCloseTo(.606, within(5e-4));
    assertThat(new DeadDecay(.1, .9, 5e-4).perEpoch(391)).isCloseTo(.822, within(5e-4));
  }

  private static HostTensor masked(HostTensor value, Mask mask) {
    float[] values = value.values().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = mask.kept(i) ? values[i] : 0;
    }
    return new HostTensor(value.shape(), values);
  }

  @Test
  void channelsThatAreNotHiddenAreRefused() {
    ValuedWiring network =
        LaidLogits.network("cifar_resnet { depth: 8 width: 8 }", 32, new Random(3));
    assertThat(Widening.layers(network))
        .containsExactly("layer1/0/conv1", "layer2/0/conv1", "layer3/0/conv1");
    assertThatThrownBy(
            () -> Widening.of(network, List.of("layer1/0/conv2"), OptionalInt.empty(), SHARE))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("(ADD), which joins them to others; layers with hidden channels");
    assertThatThrownBy(
            () -> Widening.of(network, List.of("layer1/0/conv1"), OptionalInt.of(9), SHARE))
        .hasMessage("--copies: expected 1 to the 8 channels of layer1/0/conv1, found 9");
  }
}
