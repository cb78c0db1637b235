package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.Network;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * VGG and MobileNets have the numbers of parameters and multiply-accumulates that their papers and
 * their origins' documentation give for 1,000 classes at 224 pixels.
 */
class PublishedNetworksTest {
  static dev.jackpot.graph.Network network(String config) {
    try {
      return Networks.REGISTRY.create(TextFormat.parse(config, Network.class));
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(config, e);
    }
  }

  private static NetworkSummary summary(String config, int size, int classes) {
    return NetworkSummary.of(network(config), new NetworkSpec(size, size, 3, classes));
  }

  @ParameterizedTest
  @CsvSource({
    "vgg { depth: 11 head: IMAGENET batch_norm: false }, 132863336",
    "vgg { depth: 13 head: IMAGENET batch_norm: false }, 133047848",
    "vgg { depth: 16 head: IMAGENET batch_norm: false }, 138357544",
    "vgg { depth: 19 head: IMAGENET batch_norm: false }, 143667240",
    "vgg { depth: 11 head: IMAGENET }, 132868840",
    "vgg { depth: 13 head: IMAGENET }, 133053736",
    "vgg { depth: 16 head: IMAGENET }, 138365992",
    "vgg { depth: 19 head: IMAGENET }, 143678248",
    "vgg { depth: 16 head: IMAGENET batch_norm: false } origin: KERAS, 138357544",
    "mobilenet_v1 {}, 4231976",
    "mobilenet_v1 {} origin: KERAS, 4231976",
    "mobilenet_v2 {}, 3504872",
    "mobilenet_v3 {}, 5483032",
    "mobilenet_v3 {} origin: KERAS, 5483032",
    "mobilenet_v3 { size: SMALL }, 2542856",
    "mobilenet_v3 { size: SMALL } origin: TF_SLIM, 2542856",
  })
  void parametersAreThePublishedOnes(String config, long parameters) {
    assertThat(summary(config, 224, 1000).parameterCount()).isEqualTo(parameters);
  }

  /** As Keras prints them. */
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1 {} origin: KERAS, 4253864",
    "mobilenet_v2 {} origin: KERAS, 3538984",
    "mobilenet_v3 {} origin: KERAS, 5507432",
    "mobilenet_v3 { size: SMALL } origin: KERAS, 2554968",
  })
  void totalsWithAveragesAreKerasOwn(String config, long values) {
    assertThat(summary(config, 224, 1000).parameters().stream().mapToLong(Parameter::size).sum())
        .isEqualTo(values);
  }

  /** As counted in torchvision 0.14 and Keras 3.8, which round numbers of filters differently. */
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v1 { width: 0.25 } origin: KERAS, 470072",
    "mobilenet_v1 { width: 0.75 } origin: KERAS, 2585560",
    "mobilenet_v2 { width: 0.35 }, 1677128",
    "mobilenet_v2 { width: 0.35 } origin: KERAS, 1677128",
    "mobilenet_v2 { width: 0.556 }, 2130056",
    "mobilenet_v2 { width: 0.556 } origin: KERAS, 2082888",
    "mobilenet_v2 { width: 1.4 }, 6108776",
    "mobilenet_v2 { width: 1.4 } origin: KERAS, 6108776",
    "mobilenet_v3 { width: 0.1 }, 184944",
    "mobilenet_v3 { width: 0.1 } origin: KERAS, 1461744",
    "mobilenet_v3 { width: 0.75 }, 3377576",
    "mobilenet_v3 { width: 0.75 } origin: KERAS, 3993528",
    "mobilenet_v3 { width: 1.25 }, 8164744",
    "mobilenet_v3 { width: 1.25 } origin: KERAS, 8255784",
    "mobilenet_v3 { size: SMALL width: 0.5 }, 917264",
    "mobilenet_v3 { size: SMALL width: 0.5 } origin: KERAS, 1593224",
    "mobilenet_v3 { size: SMALL width: 1.25 }, 3644912",
    "mobilenet_v3 { size: SMALL width: 1.25 } origin: KERAS, 3645312",
  })
  void widthsAreRoundedAsTheOriginDoes(String config, long parameters) {
    assertThat(summary(config, 96, 1000).parameterCount()).isEqualTo(parameters);
  }

  @ParameterizedTest
  @CsvSource({
    "vgg { depth: 16 }, 4",
    "vgg { depth: 16 head: IMAGENET }, 4",
    "mobilenet_v1 { stem: CIFAR }, 4",
    "mobilenet_v2 { stem: CIFAR }, 16",
    "mobilenet_v3 { stem: CIFAR }, 16",
    "mobilenet_v3 { stem: CIFAR size: SMALL }, 16",
    "mobilenet_v1 {}, 1",
    "mobilenet_v2 {}, 1",
    "mobilenet_v3 {}, 1",
  })
  void thirtyTwoPixelsEndAtSoManyPositions(String config, long positions) {
    assertThat(
            summary(config, 32, 10).costs().stream()
                .filter(c -> c.kernel().role() == Role.CONVOLUTION_KERNEL)
                .reduce((first, last) -> last)
                .orElseThrow()
                .positions())
        .isEqualTo(positions);
  }

  @ParameterizedTest
  @CsvSource({
    "vgg { depth: 16 head: IMAGENET }, 15.5e9",
    "mobilenet_v1 {}, 569e6",
    "mobilenet_v2 {}, 300e6",
    "mobilenet_v3 {}, 217e6",
    "mobilenet_v3 { size: SMALL }, 57e6",
  })
  void multiplyAccumulatesAreThePublishedOnes(String config, double published) {
    assertThat((double) summary(config, 224, 1000).multiplyAccumulates())
        .isCloseTo(published, withinPercentage(1));
  }
}
