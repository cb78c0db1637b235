package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.Vgg;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.Shape;

/** A forward pass and a step of descent of every network, dense, masked and searching. */
class NetworkStepsTest {
  private static final int CLASSES = 6;

  /** One of each shape of block, stem and head; the deep and wide ones are long tests. */
  private static final List<String> SMALL =
      List.of(
          "32: cifar_resnet { depth: 8 }",
          "32: cifar_resnet { depth: 14 shortcut: B preactivation: true }",
          "64: resnet { depth: 18 width: 0.25 }",
          "32: resnet { depth: 18 stem: CIFAR preactivation: true width: 0.25 }",
          "64: resnet { depth: 50 width: 0.25 } origin: KERAS convolution_bias: false",
          "64: resnet { depth: 50 width: 0.25 preactivation: true } origin: TF_SLIM",
          "32: vgg { depth: 11 width: 0.25 }",
          "64: vgg { depth: 11 width: 0.25 head: IMAGENET hidden: 32 batch_norm: false dropout: 0.5 }",
          "64: mobilenet_v1 { width: 0.5 dropout: 0.5 }",
          "64: mobilenet_v2 { width: 0.5 dropout: 0 }",
          "64: mobilenet_v3 { size: LARGE width: 0.5 dropout: 0 }",
          "64: mobilenet_v3 { size: SMALL dropout: 0 } origin: KERAS");

  private static Stream<Arguments> small() {
    return SMALL.stream().flatMap(n -> forms(n.substring(4), Integer.parseInt(n.substring(0, 2))));
  }

  /** With small hidden layers: a hundred million weights more would only fill the memory. */
  private static Stream<Arguments> published() {
    return NamedNetworks.list().stream()
        .flatMap(
            n -> {
              boolean hidden = n.getNetwork().getVgg().getHead() == Vgg.Head.IMAGENET;
              String name = "name: \"%s\"".formatted(n.getName());
              return forms(name + (hidden ? " vgg { hidden: 64 }" : ""), n.getImage());
            });
  }

  private static Stream<Arguments> forms(String network, int image) {
    return Arrays.stream(KernelForm.values()).map(f -> Arguments.of(network, image, f));
  }

  @ParameterizedTest
  @MethodSource("small")
  void takesAStep(String network, int image, KernelForm form) throws Exception {
    check(network, image, form);
  }

  @LongRunning
  @ParameterizedTest
  @MethodSource("published")
  void takesAStepAtItsPublishedSize(String network, int image, KernelForm form) throws Exception {
    check(network, image, form);
  }

  @Test
  void aMaskChangesTheLossAndHowItIsLaidDoesNot() throws Exception {
    float dense = loss(KernelForm.DENSE);
    float masked = loss(KernelForm.MASKED);
    assertThat(Math.abs(dense - masked)).isGreaterThan(1e-3f);
    assertThat(loss(KernelForm.SEARCHED)).isEqualTo(masked);
  }

  private static float loss(KernelForm form) throws Exception {
    Network network = TextFormat.parse("cifar_resnet { depth: 8 }", Network.class);
    NetworkSpec spec = new NetworkSpec(32, 32, 3, CLASSES);
    try (StepProbe probe = new StepProbe(Networks.REGISTRY.create(network), spec, form)) {
      return probe.step(0, 5).loss();
    }
  }

  private static void check(String config, int image, KernelForm form) throws Exception {
    Network network = NamedNetworks.spelledOut(TextFormat.parse(config, Network.class));
    NetworkSpec spec = new NetworkSpec(image, image, 3, CLASSES);
    try (StepProbe probe = new StepProbe(Networks.REGISTRY.create(network), spec, form)) {
      assertThat(probe.logits()).isEqualTo(Shape.of(StepProbe.BATCH, CLASSES));
      StepProbe.Seen seen = probe.step(0, 5);
      float loss = seen.loss();
      assertThat(loss).isBetween(1e-3f, 100f);
      assertThat(seen.prunedMagnitudes().values()).allMatch(v -> v == 0);
      assertThat(seen.prunedMagnitudes().isEmpty()).isEqualTo(form == KernelForm.DENSE);
      assertThat(seen.squares())
          .isNotEmpty()
          .allSatisfy((n, v) -> assertThat(v).as(n).isPositive().isFinite());

      double slope = seen.squares().values().stream().mapToDouble(v -> v).sum();
      assertThat(probe.step(.001 * loss / slope, 5).loss())
          .as("the same seed, the same dropout")
          .isEqualTo(loss);
      float after = probe.step(0, 5).loss();
      if (form == KernelForm.SEARCHED) {
        assertThat(after).as("scores do not move the loss, masks do").isEqualTo(loss);
      } else if (Math.abs(loss - after - .001 * loss) > .0005 * loss) {
        // of 152 layers the gradient is so large that so small a step is lost in the weights'
        // rounding
        double wanted = .02 * loss;
        probe.reset();
        probe.step(wanted / slope, 5);
        after = probe.step(0, 5).loss();
        assertThat((double) loss - after)
            .as("to first order")
            .isCloseTo(wanted, within(wanted / 2));
      }
      // half the weights of an unnormalised network leave logits that round to nothing
      if (config.contains("dropout") && form == KernelForm.DENSE) {
        boolean drops = config.contains("dropout: 0.5");
        assertThat(probe.step(0, 6).loss() != after).as("another seed").isEqualTo(drops);
      }
    }
  }
}
