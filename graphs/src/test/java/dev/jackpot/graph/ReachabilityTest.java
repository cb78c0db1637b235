package dev.jackpot.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.wiring.Constants;
import dev.jackpot.graph.wiring.KernelShape;
import dev.jackpot.graph.wiring.Reachability;
import dev.jackpot.graph.wiring.Reachability.DeadUnits;
import dev.jackpot.graph.wiring.Wiring;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

/** What reachability calls dead has no gradient; with smooth neurons nothing else is without. */
class ReachabilityTest {
  private static final NetworkSpec SPEC = new NetworkSpec(32, 32, 3, 4);
  private static final int BATCH = 4;

  /**
   * Smooth where the two sets coincide: not where an activation has a top, where a window is so
   * large for its image that a weight only ever meets its border, or where stride and size of an
   * image are such that one never does.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cifar_resnet { depth: 8 width: 8 } | true",
        "cifar_resnet { depth: 8 width: 8 shortcut: B preactivation: true } | true",
        "resnet { depth: 50 width: 0.1 stem: CIFAR } | true",
        "vgg { depth: 11 width: 0.15 } | true",
        "vgg { depth: 11 width: 0.15 head: IMAGENET hidden: 24 batch_norm: false } | false",
        "mobilenet_v1 { width: 0.15 stem: CIFAR } | false",
        "mobilenet_v2 { width: 0.3 stem: CIFAR } | false",
        "mobilenet_v3 { size: SMALL width: 0.3 stem: CIFAR } | false"
      })
  void deadWeightsHaveNoGradientAndTheOthersHave(String config, boolean smooth) throws Exception {
    Network network =
        Networks.REGISTRY.create(TextFormat.parse(config, dev.jackpot.config.proto.Network.class));
    NetworkSummary summary = NetworkSummary.of(network, SPEC);
    Map<String, HostTensor> values = values(summary, new Random(5));
    Reachability reachability =
        Reachability.of(NetworkWiring.of(network, SPEC), live(values), Constants.UNKNOWN);
    Map<String, float[]> gradients = gradients(network, summary, values, smooth);
    long dead = 0;
    for (Parameter kernel : summary.kernels()) {
      float[] g = gradients.get(kernel.name());
      float largest = 0;
      for (float v : g) {
        largest = Math.max(largest, Math.abs(v));
      }
      BitSet none = reachability.deadWeights(kernel.name());
      BitSet cancelled = reachability.cancelledWeights(kernel.name());
      dead += none.cardinality();
      for (int i = 0; i < g.length; i++) {
        if (none.get(i)) {
          assertThat(g[i]).as("%s[%d]", kernel.name(), i).isZero();
        } else if (cancelled.get(i)) {
          assertThat(Math.abs(g[i])).as("%s[%d]", kernel.name(), i).isLessThan(1e-3f);
        } else if (smooth && values.get(kernel.name()).values()[i] != 0) {
          assertThat(g[i]).as("%s[%d] of at most %s", kernel.name(), i, largest).isNotZero();
        }
      }
    }
    assertThat(dead).isPositive();
    assertThat(reachability.deadUnitCount()).isPositive();
  }

  private static Function<String, IntPredicate> live(Map<String, HostTensor> values) {
    return name -> {
      float[] v = values.get(name).values();
      return i -> v[i] != 0;
    };
  }

  /** Sparse kernels with a few channels that nothing enters or leaves. */
  private static Map<String, HostTensor> values(NetworkSummary summary, Random random) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Parameter p : summary.parameters()) {
      float[] v = new float[p.size()];
      int outputs = (int) p.shape().get(-1);
      int inputs = p.role().isKernel() ? (int) p.shape().get(p.shape().numDimensions() - 2) : 1;
      int planted = inputs * outputs > 400 ? 3 : 0;
      double density = Math.min(1, Math.max(.05, 3. / Math.sqrt(v.length)));
      for (int i = 0; i < v.length; i++) {
        boolean dead = i % outputs < planted || i / outputs % inputs < planted && inputs > 9;
        if (!p.role().isKernel()) {
          v[i] = (float) (.5 + random.nextDouble());
        } else if (!dead && random.nextDouble() < density) {
          v[i] = (float) (.3 * random.nextGaussian());
        }
      }
      values.put(p.name(), new HostTensor(p.shape(), v));
    }
    return values;
  }

  private static Map<String, float[]> gradients(
      Network network, NetworkSummary summary, Map<String, HostTensor> values, boolean smooth) {
    GhostForm ghosts =
        smooth ? new GhostForm(Optional.of(new SoftNeurons.Swish(1, 1)), false) : GhostForm.NONE;
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, network, SPEC, p -> KernelForm.DENSE);
      Ops tf = model.tf();
      float[] pixels = new float[Math.toIntExact(SPEC.images(BATCH).size())];
      Random random = new Random(1);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      Operand<TFloat32> x =
          tf.reshape(tf.constant(pixels), tf.constant(SPEC.images(BATCH).asArray()));
      Tower<TFloat32> tower = model.lay(x, Phase.SCORING, ghosts);
      Operand<TFloat32> loss =
          Losses.crossEntropy(
              tf, tower.logits(), tf.constant(new int[] {0, 1, 2, 3}), SPEC.classes(), 0);
      List<Operand<?>> kernels = new ArrayList<>();
      summary.kernels().forEach(k -> kernels.add(tower.effective().get(k.name())));
      Gradients all = tf.gradients(loss, kernels);
      try (Session session = Sessions.open(graph, Runtime.getDefaultInstance())) {
        Map<String, HostTensor> assigned = new LinkedHashMap<>(values);
        if (smooth) {
          assigned.put(
              GhostForm.NEURON, HostTensor.filled(org.tensorflow.ndarray.Shape.scalar(), .01f));
        }
        model.variables().assign(session, assigned);
        Session.Runner runner = session.runner();
        for (int i = 0; i < kernels.size(); i++) {
          runner.fetch(all.dy(i));
        }
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (Result result = runner.run()) {
          for (int i = 0; i < kernels.size(); i++) {
            gradients.put(summary.kernels().get(i).name(), Variables.host(result.get(i)).values());
          }
        }
        return gradients;
      }
    }
  }

  /** conv1 → bn → relu → conv of a plain network: what dies with a filter, worked out by hand. */
  @Test
  void aFilterThatIsCutTakesItsReadersAlong() throws Exception {
    Network network =
        Networks.REGISTRY.create(
            TextFormat.parse(
                "vgg { depth: 11 width: 0.0625 }", dev.jackpot.config.proto.Network.class));
    Wiring wiring = NetworkWiring.of(network, SPEC);
    KernelShape first = new KernelShape(9, 3, 4);
    KernelShape second = new KernelShape(9, 4, 8);
    // nothing enters filter 1 of the first layer, nothing leaves filter 2
    Function<String, IntPredicate> live =
        name ->
            switch (name) {
              case "layer1/0/conv/kernel" -> i -> i % first.outputs() != 1;
              case "layer2/0/conv/kernel" -> i -> i / second.outputs() % second.inputs() != 2;
              default -> i -> true;
            };
    Reachability unknown = Reachability.of(wiring, live);
    DeadUnits units = unknown.deadUnits().get(0);
    assertThat(units.kernel()).isEqualTo("layer1/0/conv/kernel");
    assertThat(units.unreached()).isEqualTo(BitSet.valueOf(new long[] {0b0010}));
    assertThat(units.unread()).isEqualTo(BitSet.valueOf(new long[] {0b0100}));
    assertThat(unknown.deadUnitCount()).isEqualTo(2);
    assertThat(unknown.deadWeights("layer1/0/conv/kernel").cardinality())
        .as("all that enters filter 2")
        .isEqualTo(27);
    assertThat(unknown.deadWeights("layer2/0/conv/kernel").cardinality())
        .as("β of filter 1 may be anything")
        .isZero();

    Map<String, float[]> values =
        Map.of("layer1/0/conv/bias", new float[4], "layer1/0/bn/beta", new float[] {1, -1, 1, 1});
    Reachability known = Reachability.of(wiring, live, Constants.of(values));
    assertThat(known.deadWeights("layer2/0/conv/kernel").cardinality())
        .as("φ(β) = 0: all that leaves filter 1")
        .isEqualTo(72);
    assertThat(known.deadWeightCount()).isEqualTo(99);
  }
}
