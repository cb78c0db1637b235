package dev.jackpot.graph;

import dev.jackpot.config.proto.Runtime;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Layers by themselves, to be compared with numbers worked out by hand. */
final class LayerRig implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Variables<TFloat32> variables = new Variables<>(tf, TFloat32.class);
  private final Placeholder<TInt64> seed =
      tf.placeholder(TInt64.class, Placeholder.shape(Shape.scalar()));
  final Layers<TFloat32> layers;

  LayerRig(Conventions conventions, Phase phase) {
    this(conventions, phase, GhostForm.NONE);
  }

  LayerRig(Conventions conventions, Phase phase, GhostForm ghosts) {
    layers =
        new Layers<>(
            tf,
            TFloat32.class,
            variables,
            conventions,
            phase,
            ghosts.equals(GhostForm.NONE)
                ? new Pass<>(tf)
                : new GhostPass<>(tf, TFloat32.class, variables, ghosts),
            p -> KernelForm.DENSE,
            () -> seed,
            WiringNotes.none());
  }

  /** Inference with PyTorch's conventions. */
  LayerRig() {
    this(Conventions.PYTORCH, Phase.INFERENCE);
  }

  Operand<TFloat32> constant(Shape shape, double... values) {
    return tf.reshape(
        tf.dtypes.cast(tf.constant(values), TFloat32.class), tf.constant(shape.asArray()));
  }

  /** ∂(sum of y)/∂x. */
  Operand<TFloat32> gradient(Operand<TFloat32> y, Operand<TFloat32> x) {
    int[] axes = new int[y.shape().numDimensions()];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = i;
    }
    return tf.gradients(tf.sum(y, tf.constant(axes)), java.util.List.of(x)).dy(0);
  }

  /** The values of {@code y}, row by row. */
  float[] run(Operand<TFloat32> y) {
    return run(y, Map.of(), 0);
  }

  float[] run(Operand<TFloat32> y, Map<String, float[]> parameters) {
    return run(y, parameters, 0);
  }

  /** The same in the step that is fed {@code step} as its dropout seed. */
  float[] run(Operand<TFloat32> y, Map<String, float[]> parameters, long step) {
    try (Session session = Sessions.open(graph, Runtime.getDefaultInstance());
        TInt64 fed = TInt64.scalarOf(step)) {
      parameters.forEach(
          (name, values) ->
              variables.assign(
                  session, Map.of(name, new HostTensor(variables.get(name).shape(), values))));
      try (Result result = session.runner().feed(seed, fed).fetch(y).run()) {
        return Variables.host(result.get(0)).values();
      }
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
