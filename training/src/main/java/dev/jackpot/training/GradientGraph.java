package dev.jackpot.training;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variable;
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
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Gradients of the loss with respect to effective kernels, at a state's weights and masks or a
 * distance beside them. Nothing in it moves by being run.
 *
 * @param <T> element type; float32 for networks with batch norm
 */
final class GradientGraph<T extends TFloating> implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Class<T> type;
  private final NetworkSpec spec;
  private final List<Parameter> kernels;
  private final Session session;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TFloat64> distance;
  private final List<Operand<T>> gradients = new ArrayList<>();

  /** Of the state as it is. The caller closes it. */
  static <T extends TFloating> GradientGraph<T> at(
      Class<T> type,
      Network network,
      NetworkSpec spec,
      State state,
      List<Parameter> kernels,
      double temperature,
      Runtime runtime) {
    return new GradientGraph<>(type, network, spec, state, kernels, temperature, runtime, Map.of());
  }

  /**
   * Of the state with its kernels moved by a multiple of a direction, which each run says. The
   * caller closes it.
   *
   * @param direction a value per weight by kernel name
   */
  static <T extends TFloating> GradientGraph<T> beside(
      Class<T> type,
      Network network,
      NetworkSpec spec,
      State state,
      List<Parameter> kernels,
      double temperature,
      Runtime runtime,
      Map<String, float[]> direction) {
    return new GradientGraph<>(
        type, network, spec, state, kernels, temperature, runtime, direction);
  }

  private GradientGraph(
      Class<T> type,
      Network network,
      NetworkSpec spec,
      State state,
      List<Parameter> kernels,
      double temperature,
      Runtime runtime,
      Map<String, float[]> direction) {
    this.type = type;
    this.spec = spec;
    this.kernels = List.copyOf(kernels);
    try {
      Model<T> model = new Model<>(graph, type, network, spec, state::form);
      Ops tf = model.tf();
      images = tf.placeholder(TFloat32.class, Placeholder.shape(spec.images(-1)));
      labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      distance = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));
      Operand<T> x = cast(tf, images);
      Set<String> directed = Set.copyOf(direction.keySet());
      Tower<T> tower =
          directed.isEmpty()
              ? model.lay(x, Phase.SCORING)
              : model.layBeside(
                  x, Phase.SCORING, cast(tf, distance), p -> directed.contains(p.name()));
      Operand<T> scale = cast(tf, tf.constant(1 / temperature));
      Operand<T> loss =
          Losses.crossEntropy(tf, tf.math.mul(tower.logits(), scale), labels, spec.classes(), 0);
      Gradients all =
          tf.gradients(loss, kernels.stream().map(k -> tower.effective().get(k.name())).toList());
      for (int i = 0; i < kernels.size(); i++) {
        gradients.add(all.dy(i));
      }
      session = Sessions.open(graph, runtime);
      try {
        initialize(model, state, direction);
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private Operand<T> cast(Ops tf, Operand<? extends TFloating> x) {
    return tf.dtypes.cast(x, type);
  }

  private void initialize(Model<T> model, State state, Map<String, float[]> direction) {
    Map<String, Parameter> byDirection =
        kernels.stream().collect(Collectors.toMap(Parameter::direction, k -> k));
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Variable<T> variable : model.variables().all()) {
      Parameter moved = byDirection.get(variable.name());
      values.put(
          variable.name(),
          moved == null
              ? state.get(variable.name())
              : new HostTensor(moved.shape(), direction.get(moved.name())));
    }
    model.variables().assign(session, values);
  }

  /** What a run's gradients are given to, kernel by kernel. */
  @FunctionalInterface
  interface Sink {
    /**
     * @param kernel index among the kernels asked for
     * @param gradient ∂L/∂ŵ, row-major
     */
    void accept(int kernel, double[] gradient);
  }

  /**
   * Gradients over one batch.
   *
   * @param x normalised [batch, height, width, channels]
   * @param y classes
   * @param moved by how many directions the kernels are moved; of no effect in a graph {@link #at}
   */
  void run(float[] x, int[] y, double moved, Sink sink) {
    try (TFloat32 xs = TFloat32.tensorOf(spec.images(y.length), DataBuffers.of(x));
        TInt32 ys = TInt32.tensorOf(Shape.of(y.length), DataBuffers.of(y));
        TFloat64 far = TFloat64.scalarOf(moved)) {
      Session.Runner runner =
          session.runner().feed(images, xs).feed(labels, ys).feed(distance, far);
      gradients.forEach(runner::fetch);
      try (Result result = runner.run()) {
        for (int i = 0; i < kernels.size(); i++) {
          sink.accept(i, doubles(result.get(i)));
        }
      }
    }
  }

  /** The values of a float32 or float64 tensor. */
  static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.shape().size())];
    if (tensor instanceof TFloat64) {
      tensor.asRawTensor().data().asDoubles().read(values);
    } else {
      float[] floats = new float[values.length];
      tensor.asRawTensor().data().asFloats().read(floats);
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
    }
    return values;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
