package dev.jackpot.graph;

import static dev.jackpot.graph.PublishedNetworksTest.network;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageSizesTest {
  private static NetworkSummary summary(String network, int height, int width) {
    return NetworkSummary.of(network(network), new NetworkSpec(height, width, 3, 10));
  }

  /** The smallest size lays, one pixel less does not, and the message of the latter names it. */
  @ParameterizedTest
  @CsvSource({
    "resnet { depth: 18 }, 17, layer4/0/conv1",
    "resnet { depth: 50 }, 17, layer4/0/conv2",
    "resnet { depth: 50 } origin: KERAS, 17, layer4/0/conv1",
    "resnet { depth: 50 } origin: TF_SLIM, 17, layer3/5/conv2",
    "resnet { depth: 50 stem: CIFAR }, 5, layer4/0/conv2",
    "cifar_resnet {}, 3, layer3/0/conv1",
    "vgg { depth: 11 }, 16, the max pool after layer4/1/bn",
    "vgg { depth: 11 head: IMAGENET }, 32, the max pool after layer5/1/bn",
    "mobilenet_v1 {}, 17, block11/depthwise",
  })
  void theMessageNamesTheSmallestSizeAndTheLayer(String network, int least, String layer) {
    assertThat(summary(network, least, least).parameters()).isNotEmpty();
    assertThatThrownBy(() -> summary(network, least - 1, least - 1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("on images of %d×%d pixels".formatted(least - 1, least - 1))
        .hasMessageContaining(layer + " has stride 2 and needs an input of at least 2×2 pixels")
        .hasMessageContaining("expected images of at least %d×%d".formatted(least, least));
  }

  @Test
  void oneShortSideIsEnoughToFail() {
    assertThatThrownBy(() -> summary("resnet { depth: 18 }", 64, 5))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "network: ResNet-18 on images of 64×5 pixels: layer3/0/conv1 has stride 2 and needs an"
                + " input of at least 2×2 pixels, found 8×1; expected images of at least 17×17");
  }
}
