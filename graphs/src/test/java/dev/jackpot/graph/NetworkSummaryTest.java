package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.CifarResNet.Shortcut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkSummaryTest {
  static final NetworkSpec CIFAR = new NetworkSpec(32, 32, 3, 10);

  static Network resNet(int depth, int width, Shortcut shortcut) {
    return Networks.REGISTRY.create(
        dev.jackpot.config.proto.Network.newBuilder()
            .setCifarResnet(
                CifarResNet.newBuilder().setDepth(depth).setWidth(width).setShortcut(shortcut))
            .build());
  }

  @ParameterizedTest
  @CsvSource({"20, 269722", "32, 464154", "56, 853018"})
  void parameterCountsAreThePublishedOnes(int depth, long parameters) {
    NetworkSummary summary = NetworkSummary.of(resNet(depth, 16, Shortcut.A), CIFAR);
    assertThat(summary.parameterCount()).isEqualTo(parameters);
    assertThat(summary.kernels()).hasSize(depth);
  }

  @Test
  void doubleWidthResNet32HasTheKernelWeightsOfTheJackpotTables() {
    NetworkSummary summary = NetworkSummary.of(resNet(32, 32, Shortcut.A), CIFAR);
    assertThat(
            summary.kernels().stream()
                .filter(k -> k.role() == Role.CONVOLUTION_KERNEL)
                .mapToLong(Parameter::size)
                .sum())
        .isEqualTo(1_844_064);
  }

  @Test
  void multiplyAccumulatesOfResNet20CountEveryKernelAtEveryPosition() {
    NetworkSummary summary = NetworkSummary.of(resNet(20, 16, Shortcut.A), CIFAR);
    long expected =
        32 * 32 * 432L
            + 6 * 32 * 32 * 2304L
            + 16 * 16 * (4608L + 5 * 9216)
            + 8 * 8 * (18432L + 5 * 36864)
            + 640;
    assertThat(summary.multiplyAccumulates()).isEqualTo(expected).isEqualTo(40_551_040L);
  }

  @Test
  void shortcutBAddsAProjectionToTheTwoStridedBlocks() {
    NetworkSummary a = NetworkSummary.of(resNet(20, 16, Shortcut.A), CIFAR);
    NetworkSummary b = NetworkSummary.of(resNet(20, 16, Shortcut.B), CIFAR);
    assertThat(b.parameterCount() - a.parameterCount())
        .isEqualTo(16 * 32 + 32 * 64 + 2 * (32 + 64));
    assertThat(b.kernels().stream().map(Parameter::name))
        .contains("layer2/0/shortcut/conv/kernel", "layer3/0/shortcut/conv/kernel");
  }

  @Test
  void aDepthThatIsNot6nPlus2IsRefused() {
    assertThatThrownBy(() -> resNet(21, 16, Shortcut.A))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("6n + 2")
        .hasMessageContaining("21");
  }

  /** Which norm sees a convolution's output is not a matter of their order. */
  @Test
  void normsThatFollowAConvolutionAreKnown() {
    NetworkSummary after = NetworkSummary.of(resNet(8, 4, Shortcut.B), CIFAR);
    assertThat(after.norms())
        .hasSize(after.kernels().size() - 1)
        .doesNotContainKey("linear/kernel");
    assertThat(after.norms().get("layer1/0/conv2/kernel"))
        .isEqualTo(new FollowingNorm("layer1/0/bn2", 1e-5));
    Network before =
        Networks.REGISTRY.create(
            dev.jackpot.config.proto.Network.newBuilder()
                .setCifarResnet(CifarResNet.newBuilder().setDepth(8).setPreactivation(true))
                .build());
    // a block's second convolution goes into the sum, its first into the second norm
    assertThat(NetworkSummary.of(before, CIFAR).norms())
        .containsEntry("layer1/0/conv1/kernel", new FollowingNorm("layer1/0/bn2", 1e-5))
        .doesNotContainKeys("layer1/0/conv2/kernel", "linear/kernel");
  }
}
