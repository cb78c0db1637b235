package dev.jackpot.training;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.GhostForm;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Variable;
import dev.jackpot.training.data.Batches;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A network with given values, for inference alone. Kernels are masked in the graph, as in
 * training.
 */
public final class InferenceGraph implements AutoCloseable {
  private final Graph graph;
  private final Session session;
  private final InferencePass pass;

  private InferenceGraph(Graph graph, ExperimentParts parts, State state, Runtime runtime) {
    this.graph = graph;
    Model<TFloat32> model =
        new Model<>(graph, TFloat32.class, parts.network(), parts.spec(), state::form);
    pass =
        new InferencePass(
            model,
            model.tf().placeholder(TFloat32.class, Placeholder.shape(parts.spec().images(-1))),
            model.tf().placeholder(TInt32.class, Placeholder.shape(Shape.of(-1))),
            GhostForm.NONE);
    session = Sessions.open(graph, runtime);
    try {
      Map<String, HostTensor> values = new LinkedHashMap<>();
      for (Variable<TFloat32> variable : model.variables().all()) {
        values.put(variable.name(), state.get(variable.name()));
      }
      model.variables().assign(session, values);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Builds the graph. The caller closes it.
   *
   * @param state parameters, and masks of some kernels
   */
  public static InferenceGraph open(ExperimentParts parts, State state, Runtime runtime) {
    Graph graph = new Graph();
    try {
      return new InferenceGraph(graph, parts, state, runtime);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** Loss (without smoothing) and accuracy over all batches of one pass. */
  public Evaluation evaluate(Batches batches) {
    return pass.evaluate(session, batches);
  }

  /**
   * Logits, [batch, classes].
   *
   * @param normalized [batch, height, width, channels]
   */
  public HostTensor logits(HostTensor normalized) {
    return pass.logits(session, normalized);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
