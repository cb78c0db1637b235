package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Precision;
import dev.jackpot.export.NativeErrors;
import dev.jackpot.graph.Sessions;
import dev.jackpot.training.data.Split;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** A SavedModel as a classifier of a data set's images, asked by its signature for pixels. */
public final class ServedNetwork implements AutoCloseable {
  private static final String TAG = "serve";
  private static final String SIGNATURE = "serving_uint8";
  private static final String IMAGES = "images";
  private static final String LOGITS = "logits";

  private final Path path;
  private final SavedModelBundle bundle;

  private ServedNetwork(Path path, SavedModelBundle bundle) {
    this.path = path;
    this.bundle = bundle;
  }

  /**
   * Loads it.
   *
   * @param path the SavedModel's folder
   * @param runtime device and threads; it runs in the precision it was written in
   * @throws JackpotException if it cannot be loaded, or does not take pixels
   */
  public static ServedNetwork load(Path path, Runtime runtime) {
    SavedModelBundle bundle;
    try {
      Runtime exact = runtime.toBuilder().setPrecision(Precision.FLOAT32).build();
      bundle =
          SavedModelBundle.loader(path.toString())
              .withTags(TAG)
              .withConfigProto(Sessions.config(exact))
              .load();
    } catch (RuntimeException e) {
      throw NativeErrors.explained(e, path + ": the SavedModel cannot be loaded");
    }
    SignatureDef signature = bundle.metaGraphDef().getSignatureDefMap().get(SIGNATURE);
    if (signature == null
        || !signature.containsInputs(IMAGES)
        || !signature.containsOutputs(LOGITS)) {
      bundle.close();
      throw new JackpotException(
          "%s: expected a signature %s with an input %s and an output %s, found the signatures %s"
              .formatted(
                  path,
                  SIGNATURE,
                  IMAGES,
                  LOGITS,
                  bundle.metaGraphDef().getSignatureDefMap().keySet()));
    }
    return new ServedNetwork(path, bundle);
  }

  /**
   * Loss and accuracy on the images of a split that can be decoded, shown as in evaluation.
   *
   * @param batchSize images per forward pass
   * @throws ConfigException if they have another size than the model takes, or a label beyond its
   *     classes
   */
  public Evaluation evaluate(Split split, int batchSize) {
    requireShape(split);
    int[] usable = IntStream.range(0, split.size()).filter(split::usable).toArray();
    double loss = 0;
    int correct = 0;
    for (int from = 0; from < usable.length; from += batchSize) {
      int[] batch = Arrays.copyOfRange(usable, from, Math.min(from + batchSize, usable.length));
      float[] logits = logits(split, batch);
      int classes = logits.length / batch.length;
      for (int i = 0; i < batch.length; i++) {
        int label = split.label(batch[i]);
        if (label >= classes) {
          throw new ConfigException(
              "%s: has label %d, but %s has %d classes"
                  .formatted(split.name(batch[i]), label, path, classes));
        }
        float[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
        correct += largest(row) == label ? 1 : 0;
        loss += crossEntropy(row, label);
      }
    }
    return new Evaluation(loss / usable.length, correct, usable.length);
  }

  private void requireShape(Split split) {
    TensorInfo images =
        bundle.metaGraphDef().getSignatureDefMap().get(SIGNATURE).getInputsOrThrow(IMAGES);
    long[] expected =
        images.getTensorShape().getDimList().stream().skip(1).mapToLong(d -> d.getSize()).toArray();
    long[] found = {split.shape().height(), split.shape().width(), split.shape().channels()};
    if (!Arrays.equals(expected, found)) {
      throw new ConfigException(
          "the data's images are %s, but %s takes %s (height, width, channels)"
              .formatted(Arrays.toString(found), path, Arrays.toString(expected)));
    }
  }

  private float[] logits(Split split, int[] batch) {
    int size = split.shape().size();
    byte[] pixels = new byte[batch.length * size];
    byte[] one = new byte[size];
    for (int i = 0; i < batch.length; i++) {
      split.pixels(batch[i], one);
      System.arraycopy(one, 0, pixels, i * size, size);
    }
    Shape shape =
        Shape.of(
            batch.length, split.shape().height(), split.shape().width(), split.shape().channels());
    try (TUint8 input = TUint8.tensorOf(shape, DataBuffers.of(pixels));
        Result outputs = bundle.function(SIGNATURE).call(Map.of(IMAGES, input))) {
      TFloat32 logits = (TFloat32) outputs.get(LOGITS).orElseThrow();
      float[] values = new float[(int) logits.size()];
      logits.asRawTensor().data().asFloats().read(values);
      return values;
    }
  }

  private static int largest(float[] logits) {
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      best = logits[c] > logits[best] ? c : best;
    }
    return best;
  }

  /** −ln softmax(logits)[label]. */
  private static double crossEntropy(float[] logits, int label) {
    double highest = logits[largest(logits)];
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - highest);
    }
    return Math.log(sum) + highest - logits[label];
  }

  @Override
  public void close() {
    bundle.close();
  }
}
