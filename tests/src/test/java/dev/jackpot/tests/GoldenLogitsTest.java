package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole networks at 224 pixels against torchvision's and Keras' own, which
 * tests/peers/golden_logits.py ran on the same weights and images.
 */
class GoldenLogitsTest {
  private static final double TOLERANCE = 1e-4;

  private static Path golden(String name) {
    return Repository.peers().resolve("golden").resolve(name + ".txt");
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18-torchvision, resnet { depth: 18 }",
    "resnet50-torchvision, resnet {}",
    "resnet50-keras, resnet {} origin: KERAS",
    "resnet50-v2-keras, resnet { preactivation: true } origin: KERAS",
    "vgg16-bn-torchvision, vgg { head: IMAGENET }",
    "vgg16-keras, vgg { head: IMAGENET batch_norm: false } origin: KERAS",
    "mobilenet-v1-keras, mobilenet_v1 {} origin: KERAS",
    "mobilenet-v1-0.5-keras, mobilenet_v1 { width: 0.5 } origin: KERAS",
    "mobilenet-v2-torchvision, mobilenet_v2 {}",
    "mobilenet-v2-keras, mobilenet_v2 {} origin: KERAS",
    "mobilenet-v3-large-torchvision, mobilenet_v3 {}",
    "mobilenet-v3-large-keras, mobilenet_v3 {} origin: KERAS",
    "mobilenet-v3-small-torchvision, mobilenet_v3 { size: SMALL }",
    "mobilenet-v3-small-keras, mobilenet_v3 { size: SMALL } origin: KERAS",
    // Keras' MobileNets hold TF-Slim's weights: at width 1 and 224 pixels they are the same
    // networks
    "vgg16-keras, vgg { head: IMAGENET batch_norm: false } origin: TF_SLIM",
    "mobilenet-v1-keras, mobilenet_v1 {} origin: TF_SLIM",
    "mobilenet-v2-keras, mobilenet_v2 {} origin: TF_SLIM",
  })
  void logitsAreTheOrigins(String name, String config) throws Exception {
    double difference =
        GoldenLogits.difference(GoldenLogits.computed(config), GoldenLogits.read(golden(name)));
    assertThat(difference).isLessThan(TOLERANCE);
  }

  /** What the golden logits would not notice they could not vouch for. */
  @ParameterizedTest
  @CsvSource({
    "mobilenet-v2-torchvision, mobilenet_v2 {} padding: SAME",
    "mobilenet-v2-torchvision, mobilenet_v2 {} batch_norm { epsilon: 1e-3 }",
    "mobilenet-v3-small-torchvision, mobilenet_v3 { size: SMALL } batch_norm { epsilon: 1e-5 }",
    "mobilenet-v3-small-keras, mobilenet_v3 { size: SMALL } origin: KERAS padding: SYMMETRIC",
    // TF-Slim writes 0.16667 for 1/6 in squeeze-excite
    "mobilenet-v3-large-keras, mobilenet_v3 {} origin: TF_SLIM",
    "resnet18-torchvision, resnet { depth: 18 } padding: SAME",
    "resnet18-torchvision, resnet { depth: 18 } batch_norm { epsilon: 1e-3 }",
  })
  void anotherConventionIsNoticed(String name, String config) throws Exception {
    assertThat(
            GoldenLogits.difference(GoldenLogits.computed(config), GoldenLogits.read(golden(name))))
        .isGreaterThan(TOLERANCE);
  }

  @RequiresPeer
  @Test
  void thePeersProgramStillWritesTheCommittedLogits(@TempDir Path folder) throws Exception {
    for (String name : new String[] {"mobilenet-v3-small-torchvision", "mobilenet-v1-0.5-keras"}) {
      PeerProgram.run(folder.resolve("log"), "golden_logits.py", folder, name);
      assertThat(
              GoldenLogits.difference(
                  GoldenLogits.read(folder.resolve(name + ".txt")),
                  GoldenLogits.read(golden(name))))
          .isLessThan(1e-5);
    }
  }
}
