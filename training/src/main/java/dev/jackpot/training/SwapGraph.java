package dev.jackpot.training;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Precision;
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
import dev.jackpot.graph.Variables;
import dev.jackpot.training.data.Batch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A network at a state's weights whose masks change from one evaluation to the next: batch norm by
 * the mini-batch's own statistics, nothing dropped out, nothing moves.
 *
 * <p>The differences looked for are small. The network computes in float32 whatever the runtime's
 * precision; from the logits on it is float64.
 *
 * @param <T> element type; float32 for networks with batch norm
 */
final class SwapGraph<T extends TFloating> implements SwapLosses, AutoCloseable {
  private final Graph graph = new Graph();
  private final Variables<T> variables;
  private final Session session;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Operand<TFloat64> loss;
  private final TFloat32 x;
  private final TInt32 y;

  /** Of the masked kernels by their names: present masks, to be changed and changed back. */
  private final Map<String, Parameter> masked = new LinkedHashMap<>();

  private final Map<String, HostTensor> masks = new LinkedHashMap<>();
  private final Map<String, double[]> saliency = new LinkedHashMap<>();

  /**
   * Builds the graph and takes its gradient. The caller closes it.
   *
   * @param state weights, and masks of the kernels in which swaps are made
   * @param kernels those kernels
   * @param targets of the loss
   * @param batch may be closed afterwards
   */
  SwapGraph(
      Class<T> type,
      Network network,
      NetworkSpec spec,
      State state,
      List<Parameter> kernels,
      Losses.Targets targets,
      Runtime runtime,
      Batch batch) {
    x = InferencePass.images(spec, batch);
    y = InferencePass.labels(batch);
    Session opened = null;
    try {
      Model<T> model = new Model<>(graph, type, network, spec, state::form);
      Ops tf = model.tf();
      images = tf.placeholder(TFloat32.class, Placeholder.shape(spec.images(-1)));
      labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      Tower<T> tower = model.lay(tf.dtypes.cast(images, type), Phase.SCORING);
      loss =
          Losses.crossEntropy(
              tf, tf.dtypes.cast(tower.logits(), TFloat64.class), labels, spec.classes(), targets);
      Gradients gradients =
          tf.gradients(loss, kernels.stream().map(k -> tower.effective().get(k.name())).toList());
      variables = model.variables();
      opened = Sessions.open(graph, runtime.toBuilder().setPrecision(Precision.FLOAT32).build());
      session = opened;
      Map<String, HostTensor> values = new LinkedHashMap<>();
      for (Variable<T> variable : variables.all()) {
        values.put(variable.name(), state.get(variable.name()));
      }
      variables.assign(session, values);
      for (Parameter kernel : kernels) {
        HostTensor mask = state.get(kernel.mask());
        masked.put(kernel.name(), kernel);
        masks.put(kernel.mask(), new HostTensor(mask.shape(), mask.values().clone()));
      }
      fetchSaliency(state, kernels, gradients);
    } catch (RuntimeException e) {
      close(opened);
      throw e;
    }
  }

  /** g ⊙ w of every kernel. */
  private void fetchSaliency(State state, List<Parameter> kernels, Gradients gradients) {
    Session.Runner runner = session.runner().feed(images, x).feed(labels, y);
    for (int i = 0; i < kernels.size(); i++) {
      runner.fetch(gradients.<T>dy(i));
    }
    try (Result result = runner.run()) {
      for (int i = 0; i < kernels.size(); i++) {
        String name = kernels.get(i).name();
        double[] product = GradientGraph.doubles(result.get(i));
        float[] weights = state.get(name).values();
        for (int j = 0; j < product.length; j++) {
          product[j] *= weights[j];
        }
        saliency.put(name, product);
      }
    }
  }

  @Override
  public double predicted(KernelSwap swap) {
    double[] of = saliency.get(swap.kernel());
    double sum = 0;
    for (int i : swap.swap().revived()) {
      sum += of[i];
    }
    for (int i : swap.swap().removed()) {
      sum -= of[i];
    }
    return sum;
  }

  @Override
  public double after(List<KernelSwap> swaps) {
    set(swaps, 1, 0);
    try {
      // always all of them: TensorFlow prepares the graph anew for each other set of variables
      variables.assign(session, masks);
      try (Result result = session.runner().feed(images, x).feed(labels, y).fetch(loss).run()) {
        return ((TFloat64) result.get(0)).getDouble();
      }
    } finally {
      set(swaps, 0, 1);
    }
  }

  private void set(List<KernelSwap> swaps, float revived, float removed) {
    for (KernelSwap swap : swaps) {
      float[] mask = masks.get(masked.get(swap.kernel()).mask()).values();
      for (int i : swap.swap().revived()) {
        mask[i] = revived;
      }
      for (int i : swap.swap().removed()) {
        mask[i] = removed;
      }
    }
  }

  @Override
  public void close() {
    close(session);
  }

  private void close(Session open) {
    if (open != null) {
      open.close();
    }
    graph.close();
    x.close();
    y.close();
  }
}
