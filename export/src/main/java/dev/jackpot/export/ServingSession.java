package dev.jackpot.export;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Variables;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.types.TFloat32;

/**
 * A serving graph in this process with values that no file has held: what the exported model is
 * expected to answer.
 */
final class ServingSession implements AutoCloseable {
  private static final int BATCH = 128;

  private final Graph graph = new Graph();
  private final Session session;

  /**
   * @param definition whose variables are all in {@code values}, by name; with constants in their
   *     place none are needed
   */
  ServingSession(GraphDef definition, Map<String, HostTensor> values) {
    graph.importGraphDef(definition);
    this.session = Sessions.open(graph, Runtime.getDefaultInstance());
    values.forEach(this::assign);
  }

  private void assign(String name, HostTensor value) {
    Operation placeholder =
        graph
            .opBuilder("Placeholder", "given/" + name, graph.baseScope())
            .setAttr("dtype", DataType.DT_FLOAT)
            .setAttr("shape", value.shape())
            .build();
    graph
        .opBuilder("AssignVariableOp", "assigned/" + name, graph.baseScope())
        .addInput(graph.operationOrThrow(name).output(0))
        .addInput(placeholder.output(0))
        .setAttr("dtype", DataType.DT_FLOAT)
        .build();
    try (TFloat32 tensor = TFloat32.tensorOf(value.shape(), DataBuffers.of(value.values()))) {
      session
          .runner()
          .feed(placeholder.output(0), tensor)
          .addTarget("assigned/" + name)
          .run()
          .close();
    }
  }

  /**
   * Logits of a sample's images, [images, classes].
   *
   * @param signature whose input and output are run
   * @param form the signature whose kind of input that is
   */
  HostTensor logits(SignatureDef signature, String form, SampleInputs inputs, Sample sample) {
    int classes = (int) sample.logits().shape().get(1);
    float[] logits = new float[sample.images() * classes];
    for (int from = 0; from < sample.images(); from += BATCH) {
      int count = Math.min(BATCH, sample.images() - from);
      try (Tensor input = inputs.of(form, sample, from, count);
          Result result =
              session
                  .runner()
                  .feed(signature.getInputsOrThrow(ServingGraph.INPUT).getName(), input)
                  .fetch(signature.getOutputsOrThrow(ServingGraph.LOGITS).getName())
                  .run()) {
        float[] batch = Variables.host(result.get(0)).values();
        System.arraycopy(batch, 0, logits, from * classes, batch.length);
      }
    }
    return new HostTensor(sample.logits().shape(), logits);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
