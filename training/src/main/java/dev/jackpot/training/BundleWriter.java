package dev.jackpot.training;

import dev.jackpot.graph.HostTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/** Writes values that no session holds as a TensorFlow V2 checkpoint bundle. */
final class BundleWriter {
  private BundleWriter() {}

  /** Writes {@code prefix.index} and {@code prefix.data-…}. */
  static void write(Path prefix, Map<String, HostTensor> values) {
    List<Tensor> tensors = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Session.Runner runner = session.runner();
      List<Operand<?>> fed = new ArrayList<>();
      for (HostTensor value : values.values()) {
        Placeholder<TFloat32> placeholder =
            tf.placeholder(TFloat32.class, Placeholder.shape(value.shape()));
        TFloat32 tensor = TFloat32.tensorOf(value.shape(), DataBuffers.of(value.values()));
        tensors.add(tensor);
        runner.feed(placeholder, tensor);
        fed.add(placeholder);
      }
      Placeholder<TString> where = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
      TString target = TString.scalarOf(prefix.toString());
      tensors.add(target);
      String[] slices = new String[fed.size()];
      java.util.Arrays.fill(slices, "");
      String[] names = values.keySet().toArray(String[]::new);
      Op save = tf.train.save(where, tf.array(names), tf.array(slices), fed);
      runner.feed(where, target).addTarget(save).run().close();
    } finally {
      tensors.forEach(Tensor::close);
    }
  }
}
