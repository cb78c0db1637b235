package dev.jackpot.training;

import dev.jackpot.graph.LayerOutput;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Tower;
import dev.jackpot.training.data.Batch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * How much each unit's output varies over a batch: the variance of a layer's output before its
 * activation, over images and places, one a channel.
 */
final class OutputVariances {
  private final NetworkSpec spec;
  private final Placeholder<TFloat32> images;
  private final List<String> kernels = new ArrayList<>();
  private final List<Operand<TFloat32>> variances = new ArrayList<>();

  /**
   * Adds the ops to the graph of a forward pass.
   *
   * @param images that the pass takes
   */
  OutputVariances(
      Ops tf, NetworkSpec spec, Placeholder<TFloat32> images, Tower<TFloat32> inference) {
    this.spec = spec;
    this.images = images;
    Ops scoped = tf.withSubScope("variances");
    inference
        .outputs()
        .forEach(
            (kernel, output) -> {
              kernels.add(kernel);
              variances.add(variance(scoped, output));
            });
  }

  /** Mean of squared distances from the mean: [channels]. */
  private static Operand<TFloat32> variance(Ops tf, LayerOutput<TFloat32> output) {
    Operand<TFloat32> y = output.y();
    int last = y.shape().numDimensions() - 1;
    Operand<org.tensorflow.types.TInt32> others = tf.constant(IntStream.range(0, last).toArray());
    Operand<TFloat32> mean = tf.math.mean(y, others, Mean.keepDims(true));
    return tf.math.mean(tf.math.square(tf.math.sub(y, mean)), others);
  }

  /** By the name of the layer's kernel. */
  Map<String, double[]> of(Session session, Batch batch) {
    Map<String, double[]> byKernel = new LinkedHashMap<>();
    try (TFloat32 x = InferencePass.images(spec, batch)) {
      Session.Runner runner = session.runner().feed(images, x);
      variances.forEach(runner::fetch);
      try (Result result = runner.run()) {
        for (int k = 0; k < kernels.size(); k++) {
          TFloat32 values = (TFloat32) result.get(k);
          double[] channels = new double[(int) values.size()];
          for (int c = 0; c < channels.length; c++) {
            channels[c] = values.getFloat(c);
          }
          byKernel.put(kernels.get(k), channels);
        }
      }
    }
    return byKernel;
  }
}
