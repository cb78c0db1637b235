package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole networks against torchvision's and Keras' own, which tests/peers/golden_logits.py ran on
 * the same weights and images.
 */
class GoldenLogitsTest {
  private static final double TOLERANCE = 1e-4;

  /** Of the images: as the name says, or 224 pixels. */
  private static int size(String name) {
    Matcher named = Pattern.compile("-(\\d+)px-").matcher(name);
    return named.find() ? Integer.parseInt(named.group(1)) : 224;
  }

  private static float[] computed(String name, String config) throws Exception {
    return GoldenLogits.computed(config, size(name));
  }

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
    // odd sizes at every halving: 105, 53, 27, 14, 7, 4; other widths; bins that overlap
    "resnet50-105px-torchvision, resnet {}",
    "resnet50-105px-keras, resnet {} origin: KERAS",
    "resnet50-v2-105px-keras, resnet { preactivation: true } origin: KERAS",
    "vgg11-144px-torchvision, vgg { depth: 11 head: IMAGENET batch_norm: false }",
    "mobilenet-v2-0.35-105px-torchvision, mobilenet_v2 { width: 0.35 }",
    "mobilenet-v2-1.4-105px-keras, mobilenet_v2 { width: 1.4 } origin: KERAS",
    "mobilenet-v3-large-0.75-105px-torchvision, mobilenet_v3 { width: 0.75 }",
    "mobilenet-v3-large-0.75-105px-keras, mobilenet_v3 { width: 0.75 } origin: KERAS",
    // Keras' MobileNets hold TF-Slim's weights: at width 1 and 224 pixels they are the same
    // networks
    "vgg16-keras, vgg { head: IMAGENET batch_norm: false } origin: TF_SLIM",
    "mobilenet-v1-keras, mobilenet_v1 {} origin: TF_SLIM",
    "mobilenet-v2-keras, mobilenet_v2 {} origin: TF_SLIM",
  })
  void logitsAreTheOrigins(String name, String config) throws Exception {
    double difference =
        GoldenLogits.difference(computed(name, config), GoldenLogits.read(golden(name)));
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
    assertThat(GoldenLogits.difference(computed(name, config), GoldenLogits.read(golden(name))))
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
