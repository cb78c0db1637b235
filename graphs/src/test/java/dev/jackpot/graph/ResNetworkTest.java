package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.CifarResNet.Shortcut;
import dev.jackpot.config.proto.Network.Origin;
import dev.jackpot.config.proto.ResNet;
import dev.jackpot.config.proto.ResNet.Stride;
import dev.jackpot.config.proto.Stem;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

class ResNetworkTest {
  private static final NetworkSpec IMAGENET = new NetworkSpec(224, 224, 3, 1000);
  private static final NetworkSpec CIFAR = new NetworkSpec(32, 32, 3, 10);

  private static NetworkSummary of(ResNet.Builder options, Origin origin, NetworkSpec spec) {
    var config = dev.jackpot.config.proto.Network.newBuilder();
    config.setResnet(options).setOrigin(origin);
    return NetworkSummary.of(Networks.REGISTRY.create(config.build()), spec);
  }

  private static ResNet.Builder depth(int depth) {
    return ResNet.newBuilder().setDepth(depth);
  }

  private static long withAverages(NetworkSummary summary) {
    return summary.parameters().stream().mapToLong(Parameter::size).sum();
  }

  private static List<String> names(NetworkSummary summary) {
    return summary.parameters().stream().map(Parameter::name).toList();
  }

  /** Output positions of each kernel. */
  private static Map<String, Long> positions(NetworkSummary summary) {
    return summary.costs().stream()
        .collect(Collectors.toMap(c -> c.kernel().name(), LayerCost::positions));
  }

  @ParameterizedTest
  @CsvSource({
    "18, 11689512",
    "34, 21797672",
    "50, 25557032",
    "101, 44549160",
    "152, 60192808",
  })
  void parameterCountsAreTorchvisions(int depth, long parameters) {
    NetworkSummary summary = of(depth(depth), Origin.PYTORCH, IMAGENET);
    assertThat(summary.parameterCount()).isEqualTo(parameters);
    long projections =
        names(summary).stream().filter(n -> n.endsWith("shortcut/conv/kernel")).count();
    assertThat(summary.kernels()).hasSize(depth + (int) projections);
  }

  /** As Keras Applications prints them: trainable, and with the running averages. */
  @ParameterizedTest
  @CsvSource({
    "50, false, 25583592, 25636712",
    "101, false, 44601832, 44707176",
    "152, false, 60268520, 60419944",
    "50, true, 25568360, 25613800",
    "101, true, 44577896, 44675560",
    "152, true, 60236904, 60380648",
  })
  void parameterCountsAreKerasOwn(int depth, boolean v2, long trainable, long all) {
    NetworkSummary summary = of(depth(depth).setPreactivation(v2), Origin.KERAS, IMAGENET);
    assertThat(summary.parameterCount()).isEqualTo(trainable);
    assertThat(withAverages(summary)).isEqualTo(all);
  }

  @Test
  void slimsVersionOneHasTorchvisionsParametersAndVersionTwoHasKerasOnes() {
    assertThat(names(of(depth(50), Origin.TF_SLIM, IMAGENET)))
        .isEqualTo(names(of(depth(50), Origin.PYTORCH, IMAGENET)));
    ResNet.Builder v2 = depth(50).setPreactivation(true);
    assertThat(of(v2, Origin.TF_SLIM, IMAGENET).parameters())
        .isEqualTo(of(v2, Origin.KERAS, IMAGENET).parameters());
  }

  @Test
  void theOfficialModelsProjectAtTheStartOfEveryStage() {
    assertThat(names(of(depth(18), Origin.PYTORCH, IMAGENET)))
        .doesNotContain("layer1/0/shortcut/conv/kernel")
        .contains("layer2/0/shortcut/conv/kernel");
    assertThat(names(of(depth(18), Origin.TF_OFFICIAL, IMAGENET)))
        .contains("layer1/0/shortcut/conv/kernel", "layer1/0/shortcut/bn/gamma")
        .doesNotContain("layer1/1/shortcut/conv/kernel");
  }

  /** A preactivation network has one norm more a block's worth, and none on projections. */
  @Test
  void preactivationMovesTheNormsBeforeTheConvolutions() {
    List<String> names = names(of(depth(18).setPreactivation(true), Origin.PYTORCH, IMAGENET));
    assertThat(names.subList(0, 6))
        .containsExactly(
            "conv1/kernel",
            "layer1/0/bn1/gamma",
            "layer1/0/bn1/beta",
            "layer1/0/bn1/moving_mean",
            "layer1/0/bn1/moving_variance",
            "layer1/0/conv1/kernel");
    assertThat(names)
        .contains("post_bn/gamma", "layer2/0/shortcut/conv/kernel")
        .doesNotContain("bn1/gamma", "layer2/0/shortcut/bn/gamma")
        .noneMatch(n -> n.endsWith("/bias") && !n.equals("linear/bias"));
  }

  @Test
  void biasesStandWhereTheOriginHasThem() {
    Function<String, Boolean> bareOnly =
        n ->
            n.equals("conv1/bias")
                || n.endsWith("/conv3/bias")
                || n.endsWith("/shortcut/conv/bias")
                || n.equals("linear/bias");
    List<String> v2 = names(of(depth(50).setPreactivation(true), Origin.KERAS, IMAGENET));
    assertThat(v2.stream().filter(n -> n.endsWith("/bias")))
        .hasSize(1 + 16 + 4 + 1)
        .allMatch(bareOnly::apply);
    List<String> v1 = names(of(depth(50), Origin.KERAS, IMAGENET));
    assertThat(v1.stream().filter(n -> n.endsWith("/bias"))).hasSize(53 + 1);
    assertThat(
            names(of(depth(50), Origin.PYTORCH, IMAGENET)).stream()
                .filter(n -> n.endsWith("/bias")))
        .containsExactly("linear/bias");
  }

  @ParameterizedTest
  @CsvSource({
    // stage 2's first and last block: positions of conv1, conv2 and conv3
    "PYTORCH, false, 3136, 784, 784, 784, 784",
    "TF_OFFICIAL, false, 3136, 784, 784, 784, 784",
    "KERAS, false, 784, 784, 784, 784, 784",
    "KERAS, true, 784, 784, 784, 784, 196",
    "TF_SLIM, false, 784, 784, 784, 784, 196",
    "TF_SLIM, true, 784, 784, 784, 784, 196",
  })
  void stridesStandWhereTheOriginHasThem(
      Origin origin, boolean v2, long conv1, long conv2, long conv3, long last1, long last2) {
    Map<String, Long> positions = positions(of(depth(50).setPreactivation(v2), origin, IMAGENET));
    assertThat(positions)
        .containsEntry("layer2/0/conv1/kernel", conv1)
        .containsEntry("layer2/0/conv2/kernel", conv2)
        .containsEntry("layer2/0/conv3/kernel", conv3)
        .containsEntry("layer2/3/conv1/kernel", last1)
        .containsEntry("layer2/3/conv2/kernel", last2)
        .containsEntry("layer4/2/conv2/kernel", 49L);
  }

  @Test
  void theStrideOptionOverrulesTheOrigin() {
    assertThat(positions(of(depth(50).setStride(Stride.FIRST), Origin.PYTORCH, IMAGENET)))
        .containsEntry("layer2/0/conv1/kernel", 784L);
    assertThat(positions(of(depth(50).setStride(Stride.MIDDLE), Origin.KERAS, IMAGENET)))
        .containsEntry("layer2/0/conv1/kernel", 3136L);
  }

  /**
   * A strided 1×1 convolution takes the pixels it reads from a slice: of itself TensorFlow 2.18's
   * gradients write beyond their memory.
   */
  @ParameterizedTest
  @CsvSource({
    // the stem and the 3×3 convolutions that begin three stages
    "18, MIDDLE, 4, 3",
    "50, MIDDLE, 4, 3",
    // a stage begins with two 1×1 convolutions
    "50, FIRST, 1, 6",
  })
  void noConvolutionOfOnePixelHasAStride(int depth, Stride stride, int strided, int slices) {
    var config = dev.jackpot.config.proto.Network.newBuilder();
    config.setResnet(depth == 18 ? depth(18) : depth(depth).setStride(stride));
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(
              graph,
              TFloat32.class,
              Networks.REGISTRY.create(config.build()),
              IMAGENET,
              p -> KernelForm.DENSE);
      model.lay(
          model.tf().placeholder(TFloat32.class, Placeholder.shape(IMAGENET.images(-1))),
          Phase.INFERENCE);
      List<NodeDef> nodes = graph.toGraphDef().getNodeList();
      assertThat(nodes.stream().filter(n -> n.getOp().equals("Conv2D")))
          .filteredOn(n -> n.getAttrOrThrow("strides").getList().getI(1) > 1)
          .hasSize(strided);
      assertThat(nodes.stream().filter(n -> n.getOp().equals("StridedSlice"))).hasSize(slices);
    }
  }

  /** Published: 4.09 G for v1.5; 3.8 G in the paper's v1, which counts the same convolutions. */
  @ParameterizedTest
  @CsvSource({"18, 1.82e9", "34, 3.66e9", "50, 4.09e9", "101, 7.80e9", "152, 11.51e9"})
  void multiplyAccumulatesAreThePublishedOnes(int depth, double published) {
    assertThat((double) of(depth(depth), Origin.PYTORCH, IMAGENET).multiplyAccumulates())
        .isCloseTo(published, within(published / 100));
  }

  @Test
  void strideAtTheFirstConvolutionIsCheaper() {
    assertThat(
            (double)
                of(depth(50).setStride(Stride.FIRST), Origin.PYTORCH, IMAGENET)
                    .multiplyAccumulates())
        .isCloseTo(3.86e9, within(.03e9));
  }

  /** The usual ResNet-18 for CIFAR-10: 11,173,962 parameters, 0.56 G. */
  @Test
  void theCifarStemKeepsTheImagesSize() {
    NetworkSummary summary = of(depth(18).setStem(Stem.CIFAR), Origin.PYTORCH, CIFAR);
    assertThat(summary.parameterCount()).isEqualTo(11_173_962);
    assertThat(positions(summary))
        .containsEntry("conv1/kernel", 1024L)
        .containsEntry("layer1/1/conv2/kernel", 1024L)
        .containsEntry("layer4/1/conv2/kernel", 16L);
    assertThat((double) summary.multiplyAccumulates()).isCloseTo(.556e9, within(.003e9));
  }

  @Test
  void widthMultipliesEveryNumberOfFilters() {
    NetworkSummary narrow = of(depth(50).setWidth(.05), Origin.PYTORCH, IMAGENET);
    Map<String, Parameter> byName =
        narrow.parameters().stream().collect(Collectors.toMap(Parameter::name, p -> p));
    assertThat(byName.get("conv1/kernel").shape().asArray()).containsExactly(7, 7, 3, 3);
    assertThat(byName.get("layer4/0/conv3/kernel").shape().asArray())
        .containsExactly(1, 1, 26, 104);
    long wide = of(depth(18).setWidth(2), Origin.PYTORCH, IMAGENET).multiplyAccumulates();
    long plain = of(depth(18), Origin.PYTORCH, IMAGENET).multiplyAccumulates();
    assertThat((double) wide / plain).isBetween(3.8, 4.);
  }

  /**
   * He et al. count 1.7 M for 110 layers; 104 layers are four blocks of each group's cheaper sums.
   */
  @ParameterizedTest
  @CsvSource({
    "20, 269722",
    "32, 464154",
    "44, 658586",
    "56, 853018",
    "104, 1630746",
    "110, 1727962",
  })
  void smallResNetsGrowByOneBlockAGroup(int depth, long parameters) {
    NetworkSummary summary = cifar(CifarResNet.newBuilder().setDepth(depth), Origin.PYTORCH);
    assertThat(summary.parameterCount()).isEqualTo(parameters);
  }

  @Test
  void theDoubleWidthResNet32IsTheOneOfTheJackpotTables() {
    NetworkSummary summary =
        cifar(CifarResNet.newBuilder().setDepth(32).setWidth(32), Origin.PYTORCH);
    long kernels = summary.kernels().stream().mapToLong(Parameter::size).sum();
    long norms = 2L * (32 + 10 * 32 + 10 * 64 + 10 * 128);
    assertThat(kernels).isEqualTo(1_844_064 + 1280);
    assertThat(summary.parameterCount()).isEqualTo(kernels + norms + 10);
  }

  private static NetworkSummary cifar(CifarResNet.Builder options, Origin origin) {
    var config = dev.jackpot.config.proto.Network.newBuilder();
    config.setCifarResnet(options).setOrigin(origin);
    return NetworkSummary.of(Networks.REGISTRY.create(config.build()), CIFAR);
  }

  /**
   * The stem's norm (16) goes; the last norm (64), and of the strided blocks the wider first, come.
   */
  @Test
  void preactivationOfSmallResNets() {
    CifarResNet.Builder v2 = CifarResNet.newBuilder().setPreactivation(true);
    NetworkSummary summary = cifar(v2, Origin.PYTORCH);
    assertThat(summary.parameterCount()).isEqualTo(269_722 + 2 * (64 - 16 - (32 - 16) - (64 - 32)));
    assertThat(names(summary)).contains("post_bn/beta").doesNotContain("bn1/beta");
    NetworkSummary projected = cifar(v2.setShortcut(Shortcut.B), Origin.PYTORCH);
    assertThat(projected.parameterCount() - summary.parameterCount()).isEqualTo(16 * 32 + 32 * 64);
  }

  @Test
  void originsOfSmallResNets() {
    CifarResNet.Builder b = CifarResNet.newBuilder().setShortcut(Shortcut.B);
    assertThat(names(cifar(b, Origin.KERAS))).contains("conv1/bias", "layer2/0/shortcut/conv/bias");
    assertThat(names(cifar(b, Origin.TF_OFFICIAL))).contains("layer1/0/shortcut/conv/kernel");
    assertThat(names(cifar(b, Origin.PYTORCH))).doesNotContain("layer1/0/shortcut/conv/kernel");
    assertThatThrownBy(() -> cifar(b, Origin.TF_SLIM))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "network.origin: expected one of PYTORCH, KERAS, TF_OFFICIAL for ResNets of depth 6n +"
                + " 2, found TF_SLIM");
  }

  @Test
  void anotherDepthIsRefused() {
    assertThatThrownBy(() -> of(depth(60), Origin.PYTORCH, IMAGENET))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("18, 34, 50, 101, 152")
        .hasMessageContaining("60");
  }
}
