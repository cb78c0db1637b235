package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of network families, each a little outside of what is allowed, and just inside. */
class NetworkRulesTest {
  private static final String EXPERIMENT =
      "data { drawn {} } network { %s } stages { train {} epochs: 1 }";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          vgg { depth: 12 }             | network.depth: found 12, expected one of 11, 13, 16, 19
          vgg { width: 0.01 }           | network.width: found 0.01, expected a number from 0.05 to 16.0
          vgg { head: IMAGENET hidden: 0 } | network.hidden: found 0, expected an integer of at least 1
          vgg { head: IMAGENET dropout: 1 } | network.dropout: found 1.0, expected a number in [0, 1)
          vgg { hidden: 512 }           | network.hidden: found 512, expected nothing, or head: IMAGENET
          vgg { dropout: 0.1 }          | network.dropout: found 0.1, expected nothing, or head: IMAGENET
          vgg {} origin: TF_OFFICIAL    | network.origin: found TF_OFFICIAL, expected PYTORCH, KERAS or TF_SLIM (TF_OFFICIAL has ResNets only)
          mobilenet_v1 {} origin: TF_OFFICIAL | network.origin: found TF_OFFICIAL, expected PYTORCH, KERAS or TF_SLIM (TF_OFFICIAL has ResNets only)
          cifar_resnet {} origin: TF_SLIM | network.origin: found TF_SLIM, expected PYTORCH, KERAS or TF_OFFICIAL (TF_SLIM has no ResNets of depth 6n + 2)
          wired { path: "w" } padding: SAME | network.padding: found SAME, expected nothing: a wired network has its own
          wired { path: "w" } convolution_bias: true | network.convolution_bias: found true, expected nothing: a wired network has its own
          wired { path: "w" } origin: KERAS | network.origin: found KERAS, expected nothing: a wired network has its own
          resnet { depth: 60 }          | network.depth: found 60, expected one of 18, 34, 50, 101, 152
          resnet { width: 0.04 }        | network.width: found 0.04, expected a number from 0.05 to 16.0
          resnet { depth: 34 stride: MIDDLE } | network.stride: found MIDDLE, expected nothing: depths 34 and less have no bottlenecks
          mobilenet_v1 { width: 17 }    | network.width: found 17.0, expected a number from 0.05 to 16.0
          mobilenet_v2 { dropout: -0.1 } | network.dropout: found -0.1, expected a number in [0, 1)
          mobilenet_v3 { dropout: 1 }   | network.dropout: found 1.0, expected a number in [0, 1)
          """)
  void outOfRange(String network, String problem) {
    assertThat(problemsOfText(EXPERIMENT.formatted(network)))
        .singleElement()
        .asString()
        .endsWith(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vgg { head: IMAGENET hidden: 1 dropout: 0 } origin: TF_SLIM",
        "resnet {} origin: TF_OFFICIAL",
        "resnet { depth: 50 stride: FIRST width: 16 } origin: TF_SLIM",
        "cifar_resnet {} origin: TF_OFFICIAL",
        "mobilenet_v1 { width: 0.05 dropout: 0 }",
        "mobilenet_v3 { size: SMALL width: 16 } origin: KERAS",
      })
  void inside(String network) {
    assertThatCode(() -> Configs.text(EXPERIMENT.formatted(network))).doesNotThrowAnyException();
  }
}
