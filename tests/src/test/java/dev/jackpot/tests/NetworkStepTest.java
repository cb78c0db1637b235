package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.proto.NamedNetwork;
import dev.jackpot.config.proto.Network;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/** Every network steps forward and backward with dense, masked and searched kernels. */
class NetworkStepTest {
  /** One of each kind of block and head; the largest layers narrowed. */
  private static final String[] REPRESENTATIVES = {
    "cifar_resnet { depth: 20 }",
    "cifar_resnet { depth: 20 shortcut: B preactivation: true }",
    "resnet { depth: 18 }",
    "resnet { depth: 50 width: 0.5 } origin: KERAS",
    "resnet { depth: 50 width: 0.5 preactivation: true } origin: KERAS",
    "vgg { depth: 11 width: 0.5 }",
    "vgg { depth: 11 width: 0.5 head: IMAGENET hidden: 64 batch_norm: false }",
    "mobilenet_v1 {}",
    "mobilenet_v2 {}",
    "mobilenet_v3 {}",
    "mobilenet_v3 { size: SMALL } origin: KERAS",
  };

  static Stream<Arguments> representatives() {
    return Stream.of(REPRESENTATIVES)
        .flatMap(n -> Stream.of(KernelForm.values()).map(f -> Arguments.of(n, f)));
  }

  static Stream<Arguments> named() {
    return NamedNetworks.list().stream()
        .flatMap(n -> Stream.of(KernelForm.values()).map(f -> Arguments.of(n.getName(), f)));
  }

  private static Network network(String config) throws TextFormat.ParseException {
    return TextFormat.parse(config, Network.class);
  }

  @ParameterizedTest
  @MethodSource("representatives")
  void stepsAtSixtyFourPixels(String config, KernelForm form) throws Exception {
    step(network(config), form, config.contains("cifar") ? 32 : 64);
  }

  /** At the size that each network is published for. */
  @LongRunning
  @ParameterizedTest
  @MethodSource("named")
  void everyNamedNetworkStepsAtItsOwnSize(String name, KernelForm form) {
    NamedNetwork named = NamedNetworks.find(name).orElseThrow();
    step(named.getNetwork(), form, named.getImage());
  }

  private static void step(Network network, KernelForm form, int size) {
    try (OneStep step = new OneStep(network, form, size)) {
      assertThat(step.logits()).isEqualTo(Shape.of(2, 10));
      assertThat(step.loss(0)).isFinite().isPositive();
      Map<String, Float> figures = step.figures();
      for (Parameter p : step.parameters().values()) {
        boolean searched = form == KernelForm.SEARCHED;
        if (p.role().isKernel() && !(searched && p.role() == Role.CLASSIFIER_KERNEL)) {
          reaches(figures, p.name());
          if (form != KernelForm.DENSE) {
            assertThat(figures.get("pruned of " + p.name())).as(p.name()).isZero();
          }
        } else if (!searched && !p.role().isAverage() && !isCancelled(p)) {
          reaches(figures, p.name());
        }
      }
    }
  }

  /** A bias whose effect the batch norm after it takes away again. */
  private static boolean isCancelled(Parameter p) {
    return p.role() == Role.BIAS && p.name().matches(".*conv\\d?/bias");
  }

  private static void reaches(Map<String, Float> figures, String variable) {
    assertThat(figures.get("gradient of " + variable)).as(variable).isFinite().isPositive();
  }

  /** Also that the mask of a kernel's other half would be noticed. */
  @Test
  void aMaskChangesTheLoss() throws Exception {
    Network network = network("mobilenet_v2 {}");
    try (OneStep dense = new OneStep(network, KernelForm.DENSE, 32);
        OneStep masked = new OneStep(network, KernelForm.MASKED, 32);
        OneStep searched = new OneStep(network, KernelForm.SEARCHED, 32)) {
      assertThat(Math.abs(dense.loss(0) - masked.loss(0))).isGreaterThan(1e-3f);
      assertThat(Math.abs(dense.loss(0) - searched.loss(0))).isGreaterThan(1e-3f);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mobilenet_v2 {}",
        "mobilenet_v3 {}",
        "vgg { depth: 11 width: 0.25 head: IMAGENET hidden: 64 }"
      })
  void dropoutIsAFunctionOfTheStep(String config) throws Exception {
    try (OneStep step = new OneStep(network(config), KernelForm.DENSE, 32)) {
      float first = step.loss(1);
      assertThat(step.loss(1)).isCloseTo(first, within(1e-5f));
      assertThat(Math.abs(step.loss(2) - first)).isGreaterThan(1e-3f);
    }
  }
}
