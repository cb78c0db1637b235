package dev.jackpot.export.compaction;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.NetworkWiring;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import dev.jackpot.graph.WiredNetwork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Networks as data, laid and run on random images. */
final class LaidLogits {
  private static final int BATCH = 3;

  private LaidLogits() {}

  static ValuedWiring network(String config, int image, Random random) {
    Network parsed;
    try {
      parsed = TextFormat.parse(config, Network.class);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(e);
    }
    dev.jackpot.graph.Network network = Networks.REGISTRY.create(parsed);
    NetworkSpec spec = new NetworkSpec(image, image, 3, 5);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Parameter p : NetworkSummary.of(network, spec).parameters()) {
      values.put(p.name(), drawn(p, random));
    }
    return new ValuedWiring(NetworkWiring.of(network, spec), values, Map.of());
  }

  /** Kernels that keep the size of what passes, norms that do something. */
  private static HostTensor drawn(Parameter p, Random random) {
    float[] values = new float[p.size()];
    double inputs =
        p.role().isKernel() ? (double) p.size() / p.shape().get(p.shape().numDimensions() - 1) : 1;
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (p.role()) {
            case GAMMA, MOVING_VARIANCE -> (float) (.5 + random.nextDouble());
            case BETA, BIAS -> (float) (random.nextGaussian() * .5);
            case MOVING_MEAN -> (float) (random.nextGaussian() * .2);
            case DEPTHWISE_KERNEL -> (float) (random.nextGaussian() * .5);
            default -> (float) (random.nextGaussian() * Math.sqrt(2 / inputs));
          };
    }
    return new HostTensor(p.shape(), values);
  }

  /** Logits of three images in inference. */
  static float[] logits(ValuedWiring network) {
    try (Graph graph = new Graph()) {
      Model<TFloat32> model = model(graph, network);
      Tower<TFloat32> tower = model.lay(images(model), Phase.INFERENCE);
      try (Session session = Sessions.open(graph, Runtime.getDefaultInstance())) {
        model.variables().assign(session, network.values());
        try (Result result = session.runner().fetch(tower.logits()).run()) {
          return Variables.host(result.get(0)).values();
        }
      }
    }
  }

  /** Gradients of a loss in training, by kernel. */
  static Map<String, float[]> gradients(ValuedWiring network) {
    try (Graph graph = new Graph()) {
      Model<TFloat32> model = model(graph, network);
      Ops tf = model.tf();
      Tower<TFloat32> tower = model.lay(images(model), Phase.TRAINING);
      Operand<TFloat32> loss =
          Losses.crossEntropy(tf, tower.logits(), tf.constant(new int[] {0, 1, 2}), 5, 0);
      List<String> kernels = List.copyOf(tower.effective().keySet());
      model.dropoutSeed();
      Gradients all =
          tf.gradients(loss, kernels.stream().map(k -> tower.effective().get(k)).toList());
      try (Session session = Sessions.open(graph, Runtime.getDefaultInstance());
          TInt64 seed = TInt64.scalarOf(1)) {
        model.variables().assign(session, network.values());
        Session.Runner runner = session.runner().feed(model.dropoutSeed(), seed);
        for (int i = 0; i < kernels.size(); i++) {
          runner.fetch(all.dy(i));
        }
        Map<String, float[]> gradients = new LinkedHashMap<>();
        try (Result result = runner.run()) {
          for (int i = 0; i < kernels.size(); i++) {
            gradients.put(kernels.get(i), Variables.host(result.get(i)).values());
          }
        }
        return gradients;
      }
    }
  }

  private static Model<TFloat32> model(Graph graph, ValuedWiring network) {
    NetworkSpec spec =
        new NetworkSpec(
            network.wiring().images().height(), network.wiring().images().width(), 3, 5);
    return new Model<>(
        graph, TFloat32.class, new WiredNetwork(network.wiring()), spec, p -> KernelForm.DENSE);
  }

  private static Operand<TFloat32> images(Model<TFloat32> model) {
    Random random = new Random(77);
    float[] pixels = new float[Math.toIntExact(model.spec().images(BATCH).size())];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    Ops tf = model.tf();
    return tf.reshape(tf.constant(pixels), tf.constant(model.spec().images(BATCH).asArray()));
  }
}
