package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variable;
import dev.jackpot.graph.Variables;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients.Flow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TUint8;

/**
 * Synaptic flow (Tanaka et al. 2020): one image of ones through the absolute weights. In float64,
 * whose range even ResNet-152 without batch norm does not leave; the scores are divided by R before
 * they become float32.
 */
final class FlowGraph implements Flow {
  private final Graph graph = new Graph();
  private final List<Parameter> kernels;
  private final Session session;
  private final Variables<TFloat64> variables;
  private final Operand<TFloat64> total;
  private final List<Operand<TFloat64>> gradients = new ArrayList<>();
  private final List<Operand<TFloat32>> scores = new ArrayList<>();
  private final List<Placeholder<TUint8>> fed = new ArrayList<>();
  private final List<Op> assigned = new ArrayList<>();

  /**
   * Builds the graph. The caller closes it.
   *
   * @param state weights, and masks of kernels that are not asked for; masks of those that are stay
   *     in force below the ones each call gives
   * @param kernels whose scores are wanted
   * @throws ConfigException naming the kernels that the flow does not go through
   */
  FlowGraph(
      Network network, NetworkSpec spec, State state, List<Parameter> kernels, Runtime runtime) {
    this.kernels = List.copyOf(kernels);
    try {
      Model<TFloat64> model = model(graph, network, spec, kernels);
      Ops tf = model.tf();
      Tower<TFloat64> tower = lay(model, network, spec, kernels);
      total = tf.reduceSum(tower.logits(), tf.constant(new int[] {0, 1}));
      Gradients all =
          tf.gradients(total, kernels.stream().map(k -> tower.effective().get(k.name())).toList());
      long weights = kernels.stream().mapToLong(Parameter::size).sum();
      Operand<TFloat64> factor = tf.math.div(tf.constant((double) weights), total);
      variables = model.variables();
      for (int i = 0; i < kernels.size(); i++) {
        Parameter kernel = kernels.get(i);
        gradients.add(all.dy(i));
        // of the two, the gradient may be as large as R
        Operand<TFloat64> share = tf.math.mul(gradients.get(i), factor);
        Operand<TFloat64> score = tf.math.mul(share, tower.effective().get(kernel.name()));
        scores.add(tf.dtypes.cast(score, TFloat32.class));
        Placeholder<TUint8> kept = tf.placeholder(TUint8.class, Placeholder.shape(kernel.shape()));
        fed.add(kept);
        assigned.add(
            tf.assignVariableOp(
                variables.get(kernel.mask()).handle(), tf.dtypes.cast(kept, TFloat64.class)));
      }
      session = Sessions.open(graph, runtime);
      try {
        initialize(tower, state);
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /**
   * Finds out whether flow goes through these kernels; needs no weights.
   *
   * @throws ConfigException naming the kernels that it does not go through
   */
  static void check(Network network, NetworkSpec spec, List<Parameter> kernels) {
    try (Graph graph = new Graph()) {
      lay(model(graph, network, spec, kernels), network, spec, kernels);
    }
  }

  private static Model<TFloat64> model(
      Graph graph, Network network, NetworkSpec spec, List<Parameter> kernels) {
    Set<String> masked = kernels.stream().map(Parameter::name).collect(Collectors.toSet());
    return new Model<>(
        graph,
        TFloat64.class,
        network,
        spec,
        p -> masked.contains(p.name()) ? KernelForm.MASKED : KernelForm.DENSE);
  }

  /** One image of ones through it. */
  private static Tower<TFloat64> lay(
      Model<TFloat64> model, Network network, NetworkSpec spec, List<Parameter> kernels) {
    Ops tf = model.tf();
    Operand<TFloat64> ones = tf.fill(tf.constant(spec.images(1).asArray()), tf.constant(1.0));
    Tower<TFloat64> tower = model.lay(tf.ensureShape(ones, spec.images(1)), Phase.FLOW);
    requireInFlow(tower, network, kernels);
    return tower;
  }

  private static void requireInFlow(
      Tower<TFloat64> tower, Network network, List<Parameter> kernels) {
    List<String> outside =
        kernels.stream()
            .map(Parameter::name)
            .filter(k -> !tower.effective().containsKey(k))
            .toList();
    if (!outside.isEmpty()) {
      throw new ConfigException(
          "criterion synflow: no flow goes through %d of the prunable kernels of %s, the first is"
                  .formatted(outside.size(), network.title())
              + " %s; keep them dense (gates: prunable.squeeze_excite: false)"
                  .formatted(outside.get(0)));
    }
  }

  /** Weights with the state's masks applied; the variables of masks are filled by each call. */
  private void initialize(Tower<TFloat64> tower, State state) {
    Map<String, HostTensor> effective = state.effective(tower.parameters().values());
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Variable<TFloat64> variable : variables.all()) {
      HostTensor value = effective.get(variable.name());
      if (value != null) {
        values.put(variable.name(), value);
      }
    }
    variables.assign(session, values);
  }

  @Override
  public Map<String, float[]> scores(Masks masks) {
    assign(masks);
    Session.Runner runner = session.runner().fetch(total);
    scores.forEach(runner::fetch);
    try (Result result = runner.run()) {
      requireFlow(((TFloat64) result.get(0)).getDouble(), masks);
      Map<String, float[]> found = new LinkedHashMap<>();
      for (int i = 0; i < kernels.size(); i++) {
        found.put(kernels.get(i).name(), Variables.host(result.get(i + 1)).values());
      }
      return found;
    }
  }

  /** One pass forward and back under the masks as they are, whose result nobody takes. */
  void pass() {
    Session.Runner runner = session.runner();
    gradients.forEach(g -> runner.addTarget(g.op()));
    runner.run().close();
  }

  /** Bytes, not floats: of a large network's weights there are many, and a mask each round. */
  private void assign(Masks masks) {
    Session.Runner runner = session.runner();
    List<TUint8> tensors = new ArrayList<>();
    try {
      for (int i = 0; i < kernels.size(); i++) {
        Parameter kernel = kernels.get(i);
        byte[] kept = bytes(masks.get(kernel.name()));
        TUint8 tensor = TUint8.tensorOf(kernel.shape(), DataBuffers.of(kept));
        tensors.add(tensor);
        runner.feed(fed.get(i), tensor).addTarget(assigned.get(i));
      }
      runner.run().close();
    } finally {
      tensors.forEach(TUint8::close);
    }
  }

  private static byte[] bytes(Mask mask) {
    byte[] packed = mask.toBytes();
    byte[] bytes = new byte[mask.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (packed[i / 8] >> i % 8 & 1);
    }
    return bytes;
  }

  private static void requireFlow(double total, Masks masks) {
    if (total == 0) {
      throw new JackpotException(
          ("criterion synflow: with %d of %d weights kept no path is left from the image to the"
                  + " logits; expected a density that leaves every layer some")
              .formatted(masks.kept(), masks.size()));
    }
    if (!Double.isFinite(total)) {
      throw new JackpotException(
          ("criterion synflow: the flow through the network is %s in float64; expected weights that"
                  + " are numbers, and not so large")
              .formatted(total));
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
