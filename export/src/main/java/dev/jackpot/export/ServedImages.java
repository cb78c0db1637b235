package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Variables;
import java.util.Arrays;
import java.util.Map;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TInt64;

/** Runs images through a loaded SavedModel by the names of its signatures, as a client would. */
final class ServedImages {
  private static final int BATCH = 128;
  // float32's rounding over a softmax
  private static final double SUM_TOLERANCE = 1e-4;

  private final ModelProcess process;
  private final ServableModel model;
  private final SampleInputs inputs;

  ServedImages(ModelProcess process, ServableModel model, boolean normalizeInside) {
    this.process = process;
    this.model = model;
    this.inputs = new SampleInputs(model, normalizeInside);
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

    /** Those of the first images. */
    HostTensor logits(int most) {
      int classes = (int) logits.shape().get(1);
      int images = Math.min(most, labels.length);
      return new HostTensor(
          Shape.of(images, classes), Arrays.copyOf(logits.values(), images * classes));
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
      try (Tensor images = inputs.of(signature, sample, from, count);
          ModelProcess.Answer answer = process.call(signature, ServingGraph.INPUT, images, 1)) {
        Map<String, Tensor> outputs = answer.outputs();
        copy(outputs, ServingGraph.LOGITS, logits, from * classes, count * classes);
        copy(outputs, ServingGraph.PROBABILITIES, probabilities, from * classes, count * classes);
        TInt64 label = (TInt64) outputs.get(ServingGraph.LABEL);
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

  private static void copy(
      Map<String, Tensor> outputs, String name, float[] to, int from, int count) {
    float[] values = Variables.host(outputs.get(name)).values();
    if (values.length != count) {
      throw new JackpotException(
          "the exported model differs: output %s has %d values for a batch, expected %d"
              .formatted(name, values.length, count));
    }
    System.arraycopy(values, 0, to, from, count);
  }
}
