package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Normalization;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Variables;
import java.util.Arrays;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/** Runs images through a loaded SavedModel by the names of its signatures, as a client would. */
final class ServedImages {
  private static final int BATCH = 128;
  private static final float LARGEST_PIXEL = 255;
  // float32's rounding over a softmax
  private static final double SUM_TOLERANCE = 1e-4;

  private final SavedModelBundle bundle;
  private final ServableModel model;
  private final boolean normalizeInside;

  ServedImages(SavedModelBundle bundle, ServableModel model, boolean normalizeInside) {
    this.bundle = bundle;
    this.model = model;
    this.normalizeInside = normalizeInside;
  }

  /**
   * What a signature gave.
   *
   * @param signature its name
   * @param logits [images, classes]
   * @param probabilities [images, classes]
   * @param labels one per image
   */
  record Outputs(String signature, HostTensor logits, HostTensor probabilities, long[] labels) {
    /** Labels are the largest logits, probabilities their softmax. */
    void checkConsistent() {
      int classes = (int) logits.shape().get(1);
      for (int i = 0; i < labels.length; i++) {
        float[] row = Arrays.copyOfRange(logits.values(), i * classes, (i + 1) * classes);
        if (labels[i] != largest(row)) {
          throw new JackpotException(
              "the exported model differs: %s gives label %d for image %d, but its largest logit is of class %d"
                  .formatted(signature, labels[i], i, largest(row)));
        }
        double sum = 0;
        for (float logit : row) {
          sum += Math.exp((double) logit - row[largest(row)]);
        }
        for (int c = 0; c < classes; c++) {
          double expected = Math.exp((double) row[c] - row[largest(row)]) / sum;
          double found = probabilities.values()[i * classes + c];
          if (!(Math.abs(found - expected) <= SUM_TOLERANCE)) {
            throw new JackpotException(
                "the exported model differs: %s gives probability %s for image %d, class %d, expected the logits' softmax %.6f"
                    .formatted(signature, found, i, c, expected));
          }
        }
      }
    }

    /**
     * Every label is the reference's, or the reference's logits of the two classes are as good as
     * equal.
     *
     * @param reference the training graph's logits, [images, classes]
     * @param tolerance how far apart logits are that count as equal, over the largest logit of all
     */
    void checkLabels(HostTensor reference, double tolerance) {
      int classes = (int) reference.shape().get(1);
      double largest = 0;
      for (float logit : reference.values()) {
        largest = Math.max(largest, Math.abs(logit));
      }
      for (int i = 0; i < labels.length; i++) {
        float[] row = Arrays.copyOfRange(reference.values(), i * classes, (i + 1) * classes);
        int expected = largest(row);
        int found = (int) labels[i];
        if (found == expected) {
          continue;
        }
        boolean known = 0 <= found && found < classes;
        if (!known || !((double) row[expected] - row[found] <= tolerance * largest)) {
          throw new JackpotException(
              "the exported model differs: %s gives label %d for image %d, the training graph %d; the training graph's logits are %s and %s, which is no tie within %.3g of the largest logit"
                  .formatted(
                      signature,
                      found,
                      i,
                      expected,
                      known ? row[found] : "none",
                      row[expected],
                      tolerance));
        }
      }
    }

    int labelsAgreeing(HostTensor reference) {
      int classes = (int) reference.shape().get(1);
      int agreeing = 0;
      for (int i = 0; i < labels.length; i++) {
        if (labels[i]
            == largest(Arrays.copyOfRange(reference.values(), i * classes, (i + 1) * classes))) {
          agreeing++;
        }
      }
      return agreeing;
    }

    private static int largest(float[] row) {
      int best = 0;
      for (int c = 1; c < row.length; c++) {
        if (row[c] > row[best]) {
          best = c;
        }
      }
      return best;
    }
  }

  /** The first image goes alone, the others in batches: the model must take any number. */
  Outputs run(String signature, Sample sample) {
    int classes = model.spec().classes();
    float[] logits = new float[sample.images() * classes];
    float[] probabilities = new float[logits.length];
    long[] labels = new long[sample.images()];
    for (int from = 0; from < sample.images(); ) {
      int count = from == 0 ? 1 : Math.min(BATCH, sample.images() - from);
      try (Tensor images = input(signature, sample, from, count);
          Result outputs = bundle.function(signature).call(Map.of(ServingGraph.INPUT, images))) {
        copy(outputs, ServingGraph.LOGITS, logits, from * classes, count * classes);
        copy(outputs, ServingGraph.PROBABILITIES, probabilities, from * classes, count * classes);
        TInt64 label = (TInt64) outputs.get(ServingGraph.LABEL).orElseThrow();
        for (int i = 0; i < count; i++) {
          labels[from + i] = label.getLong(i);
        }
      }
      from += count;
    }
    Shape shape = Shape.of(sample.images(), classes);
    return new Outputs(
        signature, new HostTensor(shape, logits), new HostTensor(shape, probabilities), labels);
  }

  private static void copy(Result outputs, String name, float[] to, int from, int count) {
    float[] values = Variables.host(outputs.get(name).orElseThrow()).values();
    if (values.length != count) {
      throw new JackpotException(
          "the exported model differs: output %s has %d values for a batch, expected %d"
              .formatted(name, values.length, count));
    }
    System.arraycopy(values, 0, to, from, count);
  }

  private Tensor input(String signature, Sample sample, int from, int count) {
    int size = sample.pixels().length / sample.images();
    byte[] pixels = Arrays.copyOfRange(sample.pixels(), from * size, (from + count) * size);
    Shape shape = model.spec().images(count);
    return signature.equals(ServingGraph.UINT8)
        ? TUint8.tensorOf(shape, DataBuffers.of(pixels))
        : TFloat32.tensorOf(shape, DataBuffers.of(floats(pixels)));
  }

  private float[] floats(byte[] pixels) {
    Normalization normalization = model.normalization();
    int channels = model.spec().channels();
    float[] floats = new float[pixels.length];
    for (int i = 0; i < floats.length; i++) {
      float pixel = pixels[i] & 0xff;
      floats[i] =
          normalizeInside
              ? pixel
              : (pixel / LARGEST_PIXEL - (float) normalization.getMean(i % channels))
                  / (float) normalization.getStd(i % channels);
    }
    return floats;
  }
}
