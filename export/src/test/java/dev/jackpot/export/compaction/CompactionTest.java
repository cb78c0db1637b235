package dev.jackpot.export.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.config.proto.WiringFile;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.wiring.KernelShape;
import dev.jackpot.graph.wiring.WiredNode;
import dev.jackpot.graph.wiring.Wiring;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/** Dead channels at every kind of place are removed, and the logits stay. */
class CompactionTest {
  private static final int IMAGE = 32;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cifar_resnet { depth: 8 width: 8 }",
        "cifar_resnet { depth: 14 width: 8 shortcut: B preactivation: true }",
        "resnet { depth: 18 width: 0.15 } origin: KERAS",
        "resnet { depth: 50 width: 0.1 }",
        "resnet { depth: 50 width: 0.1 stem: CIFAR preactivation: true } origin: TF_SLIM",
        "vgg { depth: 11 width: 0.15 }",
        "vgg { depth: 11 width: 0.15 head: IMAGENET hidden: 24 batch_norm: false }",
        "mobilenet_v1 { width: 0.25 stem: CIFAR }",
        "mobilenet_v2 { width: 0.3 stem: CIFAR }",
        "mobilenet_v3 { size: SMALL width: 0.3 stem: CIFAR }"
      })
  void logitsStay(String config) {
    Random random = new Random(3);
    ValuedWiring network = planted(LaidLogits.network(config, IMAGE, random), .6, random);
    float[] expected = LaidLogits.logits(network);
    for (boolean fold : new boolean[] {true, false}) {
      ValuedWiring compact = Compaction.of(network, fold).network();
      close(LaidLogits.logits(compact), expected);
      assertThat(compact.summary().multiplyAccumulates())
          .as("folded: %s", fold)
          .isLessThan(network.summary().multiplyAccumulates() * 8 / 10);
      ValuedWiring twice = Compaction.of(compact, fold).network();
      assertThat(twice.summary().parameterCount())
          .as("nothing is left to remove")
          .isGreaterThan(compact.summary().parameterCount() * 9 / 10);
    }
  }

  static void close(float[] found, float[] expected) {
    float largest = 0;
    for (float e : expected) {
      largest = Math.max(largest, Math.abs(e));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(found[i] - expected[i]) / largest).as("logit %d", i).isLessThan(1e-4f);
    }
    assertThat(largest).isPositive();
  }

  /** A share of the filters of every kernel but the last set to zero. */
  private static ValuedWiring planted(ValuedWiring network, double share, Random random) {
    Map<String, HostTensor> values = new LinkedHashMap<>(network.values());
    network
        .wiring()
        .kernels()
        .forEach(
            (kernel, node) -> {
              if (node.kind() != Kind.CLASSIFIER) {
                values.put(kernel, planted(network, node, kernel, share, random));
              }
            });
    return new ValuedWiring(network.wiring(), values, Map.of());
  }

  private static HostTensor planted(
      ValuedWiring network, WiredNode node, String kernel, double share, Random random) {
    KernelShape shape = KernelShape.of(network.wiring(), node, kernel);
    HostTensor old = network.values().get(kernel);
    float[] weights = old.values().clone();
    int filters = node.kind() == Kind.DEPTHWISE ? shape.inputs() : shape.outputs();
    // depthwise filters seldom: they and the layers around them would be dead by chance alone
    double dead = node.kind() == Kind.DEPTHWISE ? share / 3 : share;
    for (int f = 0; f < filters; f++) {
      if (random.nextDouble() < dead) {
        for (int i = f; i < weights.length; i += filters) {
          weights[i] = 0;
        }
      }
    }
    return new HostTensor(old.shape(), weights);
  }

  /** All of a block's last filters are dead: the block is, but for what its norm always gives. */
  @ParameterizedTest
  @ValueSource(strings = {"layer1/0/conv2", "layer2/1/conv2"})
  void aDeadBranchGoes(String layer) {
    ValuedWiring network =
        LaidLogits.network("cifar_resnet { depth: 14 width: 8 }", IMAGE, new Random(3));
    Map<String, HostTensor> values = new LinkedHashMap<>(network.values());
    values.computeIfPresent(layer + "/kernel", (n, v) -> HostTensor.filled(v.shape(), 0));
    ValuedWiring dead = new ValuedWiring(network.wiring(), values, Map.of());
    for (boolean fold : new boolean[] {true, false}) {
      ValuedWiring compact = Compaction.of(dead, fold).network();
      close(LaidLogits.logits(compact), LaidLogits.logits(dead));
      assertThat(compact.values().keySet())
          .noneMatch(n -> n.startsWith(layer + "/kernel"))
          .noneMatch(n -> n.startsWith(layer.replace("conv2", "conv1")));
      assertThat(compact.wiring().nodes()).anyMatch(n -> n.kind() == Kind.BIAS);
    }
  }

  /** What is left of a branch is a BIAS layer; the next one needs another name. */
  @Test
  void aCompactedNetworkIsCompactedAgain() {
    ValuedWiring network =
        LaidLogits.network("cifar_resnet { depth: 8 width: 8 }", IMAGE, new Random(3));
    String kernel = "layer1/0/conv2/kernel";
    ValuedWiring once = Compaction.of(withoutFilters(network, kernel, 5), false).network();
    assertThat(once.values()).containsKey("layer1/0/conv2/rest/bias");
    ValuedWiring dead = withoutFilters(once, kernel, 3);
    ValuedWiring twice = Compaction.of(dead, false).network();
    assertThat(twice.values()).containsKey("layer1/0/conv2/rest2/bias").doesNotContainKey(kernel);
    close(LaidLogits.logits(twice), LaidLogits.logits(dead));
  }

  private static ValuedWiring withoutFilters(ValuedWiring network, String kernel, int count) {
    Map<String, HostTensor> values = new LinkedHashMap<>(network.values());
    HostTensor old = values.get(kernel);
    float[] weights = old.values().clone();
    int filters = (int) old.shape().get(old.shape().numDimensions() - 1);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % filters < count ? 0 : weights[i];
    }
    values.put(kernel, new HostTensor(old.shape(), weights));
    return new ValuedWiring(network.wiring(), values, Map.of());
  }

  /** A dead filter always gives its bias, 5; two weights of 1 hand it on to biases of 1. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBiasLayerMayHaveItsConvolutionsName(boolean readTwice) throws Exception {
    String wiring =
        """
        version: 1 epsilon: 1e-5 momentum: 0.9
        layers { kind: IMAGES height: 4 width: 4 filters: 3 }
        layers { kind: CONVOLUTION name: "x" inputs: 0 filters: 2 size: 1 stride: 1 bias: true }
        layers { kind: RELU inputs: 1 }
        layers { kind: CONVOLUTION name: "y" inputs: 2 filters: 2 size: 1 stride: 1 }
        layers { kind: BIAS name: "y" inputs: 3 }
        layers { kind: ADD inputs: 4 inputs: %d }
        layers { kind: GLOBAL_AVERAGE inputs: 5 }
        layers { kind: CLASSIFIER name: "linear" inputs: 6 filters: 5 }
        """
            .formatted(readTwice ? 3 : 2);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    values.put("x/kernel", tensor(Shape.of(1, 1, 3, 2), 0, .5f, 0, .5f, 0, .5f));
    values.put("x/bias", tensor(Shape.of(2), 5, .25f));
    values.put("y/kernel", tensor(Shape.of(1, 1, 2, 2), 1, 1, .5f, -.5f));
    values.put("y/bias", tensor(Shape.of(2), 1, 1));
    values.put("linear/kernel", tensor(Shape.of(2, 5), 1, 2, 3, 4, 5, 5, 4, 3, 2, 1));
    values.put("linear/bias", HostTensor.filled(Shape.of(5), 0));
    ValuedWiring network =
        new ValuedWiring(
            Wiring.of(TextFormat.parse(wiring, WiringFile.class), "by hand"), values, Map.of());
    ValuedWiring compact = Compaction.of(network, false).network();
    if (readTwice) {
      assertThat(compact.of("x/kernel")).hasSize(3);
      assertThat(compact.of("y/rest/bias")).containsExactly(5, 5);
    } else {
      assertThat(compact.of("y/bias")).containsExactly(1, 1);
    }
    close(LaidLogits.logits(compact), LaidLogits.logits(network));
  }

  private static HostTensor tensor(Shape shape, float... values) {
    return new HostTensor(shape, values);
  }

  /** Scattered channels included, every kernel has a gradient. */
  @Test
  void whatIsLeftCanBeTrained() {
    Random random = new Random(3);
    ValuedWiring network =
        planted(
            LaidLogits.network("cifar_resnet { depth: 8 width: 8 }", IMAGE, random), .6, random);
    ValuedWiring compact = Compaction.of(network, false).network();
    assertThat(compact.wiring().nodes()).anyMatch(n -> n.kind() == Kind.SCATTER_CHANNELS);
    LaidLogits.gradients(compact)
        .forEach(
            (kernel, gradient) -> {
              double squares = 0;
              for (float g : gradient) {
                squares += g * g;
              }
              assertThat(squares).as(kernel).isPositive().isFinite();
            });
  }

  @Test
  void aDenseNetworkStaysAsItIs() {
    ValuedWiring network =
        LaidLogits.network("mobilenet_v3 { size: SMALL width: 0.3 }", IMAGE, new Random(3));
    ValuedWiring compact = Compaction.of(network, false).network();
    assertThat(compact.wiring().file()).isEqualTo(network.wiring().file());
    assertThat(compact.values()).isEqualTo(network.values());
  }
}
