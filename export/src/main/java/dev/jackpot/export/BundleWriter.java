package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.train.Save;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

/**
 * Writes tensors by name as a TensorFlow V2 checkpoint, which {@link BundleReader} and Python can
 * read.
 */
public final class BundleWriter {
  private BundleWriter() {}

  /**
   * Writes {@code prefix}.index and {@code prefix}.data-00000-of-00001. The files are not forced to
   * the disk, and a failure may leave part of them: write into a folder of {@link
   * AtomicFiles#writeDirectory}.
   *
   * @param tensors at least one
   * @throws JackpotException with TensorFlow's reason if they cannot be written, for instance on a
   *     full disk
   */
  public static void write(Path prefix, Map<String, HostTensor> tensors) {
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) ->
            arrays.put(
                name,
                new StoredArray(
                    DataType.DT_FLOAT, tensor.shape(), ValueType.FLOAT32.encode(tensor.values()))));
    writeArrays(prefix, arrays);
  }

  /** The same for arrays of any type. */
  static void writeArrays(Path prefix, Map<String, StoredArray> arrays) {
    try {
      Files.createDirectories(prefix.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw AtomicFiles.failure("write", prefix, e);
    }
    List<Tensor> opened = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Session.Runner runner = session.runner();
      List<Operand<?>> values = new ArrayList<>();
      for (StoredArray array : arrays.values()) {
        Placeholder<? extends TType> value =
            tf.placeholder(array.javaType(), Placeholder.shape(array.shape()));
        Tensor copy = array.tensor();
        opened.add(copy);
        runner.feed(value, copy);
        values.add(value);
      }
      Operand<TString> names = tf.array(arrays.keySet().toArray(String[]::new));
      Operand<TString> whole = tf.fill(tf.array(arrays.size()), tf.constant(""));
      Save save = tf.train.save(tf.constant(prefix.toString()), names, whole, values);
      runner.addTarget(save).run().close();
    } catch (RuntimeException e) {
      throw NativeErrors.explained(e, "cannot write " + prefix);
    } finally {
      opened.forEach(Tensor::close);
    }
  }
}
