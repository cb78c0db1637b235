package dev.jackpot.graph;

import dev.jackpot.config.proto.Runtime;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.framework.initializers.Initializer;
import org.tensorflow.framework.initializers.Ones;
import org.tensorflow.framework.initializers.RandomUniform;
import org.tensorflow.framework.initializers.TruncatedNormal;
import org.tensorflow.framework.initializers.Zeros;
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
      case CONVOLUTION_KERNEL, DEPTHWISE_KERNEL, DENSE_KERNEL -> he(parameter, own);
      case CLASSIFIER_KERNEL, SQUEEZE_EXCITE_KERNEL -> glorot(parameter, own);
      case GAMMA, MOVING_VARIANCE -> new Ones<>();
      case BIAS, BETA, MOVING_MEAN -> new Zeros<>();
    };
  }

  // The framework's own He and Glorot take a convolution's inputs for height · width · in², and a
  // depthwise one's for height · width · channels.

  /** Variance 2 / inputs. */
  private static Initializer<TFloat32> he(Parameter kernel, long seed) {
    double deviation = Math.sqrt(2. / inputs(kernel)) / TRUNCATED_DEVIATION;
    return new TruncatedNormal<>(0, deviation, seed);
  }

  /** Variance 2 / (inputs + outputs). */
  private static Initializer<TFloat32> glorot(Parameter kernel, long seed) {
    double limit = Math.sqrt(6. / (inputs(kernel) + outputs(kernel)));
    return new RandomUniform<>(-limit, limit, seed);
  }

  /** Values that one output is the sum of. */
  private static long inputs(Parameter kernel) {
    long[] shape = kernel.shape().asArray();
    long in = kernel.role() == Role.DEPTHWISE_KERNEL ? 1 : shape[shape.length - 2];
    return window(shape) * in;
  }

  /** Outputs that one input is part of. */
  private static long outputs(Parameter kernel) {
    long[] shape = kernel.shape().asArray();
    return window(shape) * shape[shape.length - 1];
  }

  private static long window(long[] shape) {
    return Arrays.stream(shape, 0, shape.length - 2).reduce(1, (x, y) -> x * y);
  }

  private static long crc(String name) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }
}
