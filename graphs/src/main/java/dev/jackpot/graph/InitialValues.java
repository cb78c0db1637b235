package dev.jackpot.graph;

import dev.jackpot.config.proto.Runtime;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.framework.initializers.Glorot;
import org.tensorflow.framework.initializers.He;
import org.tensorflow.framework.initializers.Initializer;
import org.tensorflow.framework.initializers.Ones;
import org.tensorflow.framework.initializers.TruncatedNormal;
import org.tensorflow.framework.initializers.VarianceScaling.Distribution;
import org.tensorflow.framework.initializers.Zeros;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Draws a network's initial values: He's truncated normal for convolutions and hidden dense layers
 * (He et al. 2015), Glorot's uniform for the classifier and squeeze-excite, ones for γ and the
 * running variance, zeros for the rest.
 */
public final class InitialValues {
  /** Standard deviation of a unit normal cut off at two. */
  private static final double TRUNCATED_DEVIATION = .87962566103423978;

  private InitialValues() {}

  /**
   * One value per parameter, each from a seed of its own, so that adding a layer does not move the
   * others' values.
   *
   * @param seed the experiment's sub-seed for initial values
   * @param runtime where to draw
   */
  public static Map<String, HostTensor> draw(
      Collection<Parameter> parameters, long seed, Runtime runtime) {
    try (Graph graph = new Graph();
        Session session = Sessions.open(graph, runtime)) {
      Ops tf = Ops.create(graph);
      List<Operand<TFloat32>> drawn =
          parameters.stream()
              .map(
                  p ->
                      initializer(p, seed)
                          .call(tf, tf.constant(p.shape().asArray()), TFloat32.class))
              .toList();
      Session.Runner runner = session.runner();
      drawn.forEach(runner::fetch);
      Map<String, HostTensor> values = new LinkedHashMap<>();
      try (Result result = runner.run()) {
        int i = 0;
        for (Parameter parameter : parameters) {
          values.put(parameter.name(), Variables.host(result.get(i++)));
        }
      }
      return values;
    }
  }

  private static Initializer<TFloat32> initializer(Parameter parameter, long seed) {
    long own = seed * 31 + crc(parameter.name());
    return switch (parameter.role()) {
      case CONVOLUTION_KERNEL, DENSE_KERNEL -> new He<>(Distribution.TRUNCATED_NORMAL, own);
      case DEPTHWISE_KERNEL -> depthwise(parameter.shape(), own);
      case CLASSIFIER_KERNEL, SQUEEZE_EXCITE_KERNEL -> new Glorot<>(Distribution.UNIFORM, own);
      case GAMMA, MOVING_VARIANCE -> new Ones<>();
      case BIAS, BETA, MOVING_MEAN -> new Zeros<>();
    };
  }

  /**
   * He's truncated normal with the inputs that one output of a depthwise convolution has: height ·
   * width. (VarianceScaling would count all channels.)
   */
  private static Initializer<TFloat32> depthwise(Shape shape, long seed) {
    double variance = 2. / (shape.get(0) * shape.get(1));
    return new TruncatedNormal<>(0, Math.sqrt(variance) / TRUNCATED_DEVIATION, seed);
  }

  private static long crc(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
