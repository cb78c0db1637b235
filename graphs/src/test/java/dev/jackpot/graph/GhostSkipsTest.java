package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Ghost skips around the convolutions of whole networks. */
class GhostSkipsTest {
  private static final GhostForm SKIPS = new GhostForm(Optional.empty(), true);
  private static final NetworkSpec SPEC = new NetworkSpec(16, 16, 3, 4);
  private static final int IMAGES = 6;

  private static Network network(String name) {
    dev.jackpot.config.proto.Network named =
        dev.jackpot.config.proto.Network.newBuilder().setName(name).build();
    return Networks.REGISTRY.create(NamedNetworks.spelledOut(named));
  }

  private static Network laid(String config) throws TextFormat.ParseException {
    return Networks.REGISTRY.create(
        TextFormat.parse(config, dev.jackpot.config.proto.Network.class));
  }

  /**
   * Logits, the loss's gradient in each of the network's own parameters, and its averages after the
   * pass.
   */
  private static Map<String, HostTensor> run(
      Network network, Phase phase, GhostForm ghosts, float alpha) {
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, network, SPEC, p -> KernelForm.DENSE);
      Ops tf = model.tf();
      Random random = new Random(5);
      HostTensor images = random(SPEC.images(IMAGES), random, 0, 1);
      Operand<TFloat32> x =
          tf.reshape(tf.constant(images.values()), tf.constant(images.shape().asArray()));
      Operand<TInt32> labels = tf.constant(new int[] {0, 1, 2, 3, 0, 1});
      Tower<TFloat32> tower = model.lay(x, phase, ghosts);
      Operand<TFloat32> loss = Losses.crossEntropy(tf, tower.logits(), labels, 4, 0);
      List<String> names =
          tower.parameters().values().stream()
              .filter(p -> !p.role().isAverage())
              .map(Parameter::name)
              .toList();
      Gradients gradients =
          tf.gradients(loss, names.stream().map(n -> tower.reads().get(n)).toList());
      List<Operand<?>> fetched = new ArrayList<>(List.of(tower.logits()));
      for (int i = 0; i < names.size(); i++) {
        fetched.add(gradients.dy(i));
      }
      Map<String, HostTensor> values = new LinkedHashMap<>();
      for (Parameter p : tower.parameters().values()) {
        values.put(p.name(), value(p, random));
      }
      tower.ghosts().forEach((name, ghost) -> values.put(name, ghost.initial(1e-4)));
      if (ghosts.skips()) {
        values.put(GhostForm.SKIP, HostTensor.filled(Shape.scalar(), alpha));
      }
      Runtime runtime = Runtime.newBuilder().setThreads(1).setDevice(Device.CPU).build();
      try (Session session = Sessions.open(graph, runtime)) {
        model.variables().assign(session, values);
        Session.Runner runner = session.runner();
        fetched.forEach(runner::fetch);
        tower.averageUpdates().forEach(runner::addTarget);
        Map<String, HostTensor> results = new LinkedHashMap<>();
        try (Result result = runner.run()) {
          int i = 0;
          for (Map.Entry<String, Tensor> entry : result) {
            results.put(i == 0 ? "logits" : names.get(i - 1), Variables.host(entry.getValue()));
            i++;
          }
        }
        List<String> averages =
            tower.parameters().values().stream()
                .filter(p -> p.role().isAverage())
                .map(Parameter::name)
                .toList();
        results.putAll(model.variables().read(session, averages));
        return results;
      }
    }
  }

  private static HostTensor value(Parameter p, Random random) {
    return switch (p.role()) {
      case GAMMA, MOVING_VARIANCE -> random(p.shape(), random, 1, .2);
      default -> random(p.shape(), random, 0, .3);
    };
  }

  private static HostTensor random(Shape shape, Random random, double mean, double deviation) {
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return new HostTensor(shape, values);
  }

  @ParameterizedTest
  @CsvSource({
    "cifar_resnet { depth: 8 width: 4 }, TRAINING",
    "cifar_resnet { depth: 8 width: 4 }, SCORING",
    "cifar_resnet { depth: 8 width: 4 }, INFERENCE",
    "cifar_resnet { depth: 8 width: 4 preactivation: true }, TRAINING",
    "cifar_resnet { depth: 8 width: 4 shortcut: B }, TRAINING",
    "vgg { depth: 11 width: 0.0625 }, TRAINING",
    "vgg { depth: 11 batch_norm: false width: 0.0625 }, TRAINING"
  })
  void withAlphaZeroLogitsGradientsAndAveragesAreThePlainNetworksToTheBit(
      String config, Phase phase) throws TextFormat.ParseException {
    Network network = laid(config);
    Map<String, HostTensor> plain = run(network, phase, GhostForm.NONE, 0);
    assertThat(run(network, phase, SKIPS, 0)).isEqualTo(plain);
    assertThat(run(network, phase, SKIPS, 1)).isNotEqualTo(plain);
  }

  /** Two in each basic block, one for each convolution of a plain network. */
  @ParameterizedTest
  @CsvSource({
    "resnet-20, 18",
    "resnet-18, 16",
    "resnet-34, 32",
    "resnet-50, 0",
    "vgg-16, 13",
    "mobilenet-v1, 0",
    "mobilenet-v2, 0",
    "mobilenet-v3-large, 0"
  })
  void onlyBasicBlocksAndPlainNetworksHavePlacesForThem(String name, int places) {
    Network network = network(name);
    NetworkSpec spec = new NetworkSpec(64, 64, 3, 4);
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, network, spec, p -> KernelForm.DENSE);
      Operand<TFloat32> images =
          model
              .tf()
              .placeholder(
                  TFloat32.class, org.tensorflow.op.core.Placeholder.shape(spec.images(-1)));
      Tower<TFloat32> tower = model.lay(images, Phase.TRAINING, SKIPS);
      List<Parameter> kernels =
          tower.ghosts().values().stream()
              .map(Ghost::parameter)
              .filter(p -> p.role().isKernel())
              .toList();
      assertThat(kernels).hasSize(places);
      for (Parameter p : kernels) {
        Shape around = tower.parameters().get(p.name().replace("/ghost", "")).shape();
        assertThat(p.shape()).isEqualTo(Shape.of(1, 1, around.get(2), around.get(3)));
        assertThat(around.get(0)).isEqualTo(3);
      }
      // what is counted, pruned and exported knows nothing of them
      NetworkSummary plain = NetworkSummary.of(network, spec);
      assertThat(List.copyOf(tower.parameters().values())).isEqualTo(plain.parameters());
      assertThat(tower.costs()).isEqualTo(plain.costs());
    }
  }

  /**
   * Constant weights w give every channel w · Σ x, whose standard deviation after the norm is √(w²V
   * / (w²V + 1e-5)), V the variance of the channel sums.
   */
  @ParameterizedTest
  @CsvSource({"1, 1", "16, 1", "64, 2"})
  void aSkipStartsAsSmallAsItsEpsilonSays(int channels, int stride) {
    // the skip's own, whatever the network's norms have
    Conventions other = Conventions.PYTORCH.withEpsilon(1e-3);
    try (LayerRig rig = new LayerRig(other, Phase.SCORING, SKIPS)) {
      HostTensor x = random(Shape.of(20, 8, 8, channels), new Random(1), .5, 1);
      int side = 8 / stride;
      double[] pixels = new double[x.values().length];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = x.values()[i];
      }
      Operand<TFloat32> in = rig.constant(x.shape(), pixels);
      Operand<TFloat32> zero =
          rig.constant(Shape.of(20, side, side, 3), new double[20 * side * side * 3]);
      float[] weights = new float[channels * 3];
      Arrays.fill(weights, 1e-4f);
      float[] ones = {1, 1, 1};
      float[] y =
          rig.run(
              rig.layers.skipped("conv1", in, stride, zero),
              Map.of(
                  "conv1/ghost/kernel",
                  weights,
                  "conv1/ghost/gamma",
                  ones,
                  "conv1/ghost/beta",
                  new float[3],
                  "conv1/ghost/moving_mean",
                  new float[3],
                  "conv1/ghost/moving_variance",
                  ones,
                  GhostForm.SKIP,
                  new float[] {.5f}));
      double variance = variance(channelSums(x, stride));
      double share = 1e-8 * variance / (1e-8 * variance + 1e-5);
      double[] first = new double[y.length / 3];
      for (int i = 0; i < first.length; i++) {
        first[i] = y[3 * i];
        assertThat(y[3 * i + 1]).isEqualTo(y[3 * i]);
      }
      assertThat(Math.sqrt(variance(first)))
          .isCloseTo(.5 * Math.sqrt(share), within(2e-3 * Math.sqrt(share)));
    }
  }

  private static double[] channelSums(HostTensor x, int stride) {
    int channels = Math.toIntExact(x.shape().get(3));
    List<Double> sums = new ArrayList<>();
    for (int image = 0; image < 20; image++) {
      for (int row = 0; row < 8; row += stride) {
        for (int column = 0; column < 8; column += stride) {
          double sum = 0;
          for (int c = 0; c < channels; c++) {
            sum += x.values()[((image * 8 + row) * 8 + column) * channels + c];
          }
          sums.add(sum);
        }
      }
    }
    return sums.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double variance(double[] values) {
    double mean = 0;
    for (double v : values) {
      mean += v / values.length;
    }
    double sum = 0;
    for (double v : values) {
      sum += (v - mean) * (v - mean) / values.length;
    }
    return sum;
  }

  @Test
  void aPassWithoutGhostsLaysNone() {
    try (LayerRig rig = new LayerRig()) {
      Operand<TFloat32> x = rig.constant(Shape.of(1, 1, 1, 1), 3);
      assertThat(rig.layers.skipped("conv1", x, 1, x)).isSameAs(x);
    }
  }
}
