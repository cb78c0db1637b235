package dev.jackpot.graph;

import dev.jackpot.config.proto.Network.Padding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.family.TFloating;

/**
 * Lays layers of one forward pass: makes their parameters in the graph's {@link Variables} (or
 * finds them there, if an earlier pass made them) and adds the ops. Activations are NHWC.
 *
 * @param <T> element type
 */
public final class Layers<T extends TFloating> {
  private final Ops tf;
  private final Class<T> type;
  private final Variables<T> variables;
  private final NetworkSpec spec;
  private final Phase phase;
  private final Function<Parameter, KernelForm> forms;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Operand<T>> reads = new LinkedHashMap<>();
  private final Map<String, Operand<T>> scores = new LinkedHashMap<>();
  private final Map<String, Operand<T>> effective = new LinkedHashMap<>();
  private final List<Op> averageUpdates = new ArrayList<>();
  private final List<LayerCost> costs = new ArrayList<>();

  Layers(
      Ops tf,
      Class<T> type,
      Variables<T> variables,
      NetworkSpec spec,
      Phase phase,
      Function<Parameter, KernelForm> forms) {
    this.tf = tf;
    this.type = type;
    this.variables = variables;
    this.spec = spec;
    this.phase = phase;
    this.forms = forms;
  }

  /** Ops of the graph, for what no layer here offers. */
  public Ops tf() {
    return tf;
  }

  /**
   * Square convolution without bias. Output: [batch, ⌈height/stride⌉, ⌈width/stride⌉, filters] for
   * odd sizes.
   *
   * @param name of the layer; its kernel is {@code name/kernel}, [size, size, in, filters]
   * @param size of the kernel, odd
   */
  public Operand<T> convolution(String name, Operand<T> x, int filters, int size, int stride) {
    Shape shape = Shape.of(size, size, channels(x), filters);
    Operand<T> kernel = kernel(name + "/kernel", Role.CONVOLUTION_KERNEL, shape);
    Operand<T> padded = x;
    String padding = "SAME";
    // at stride 1 both conventions are the same
    if (stride > 1 && size > 1 && spec.padding() == Padding.SYMMETRIC) {
      padded = padSpace(x, (size - 1) / 2);
      padding = "VALID";
    }
    Operand<T> y =
        tf.nn.conv2d(padded, kernel, List.of(1L, (long) stride, (long) stride, 1L), padding);
    costs.add(new LayerCost(parameters.get(name + "/kernel"), y.shape().get(1) * y.shape().get(2)));
    return y;
  }

  /**
   * Batch norm over all but the last axis: γ (x − mean) / √(variance + ε) + β. Float32 only. In
   * training the running averages move by average ← momentum · average + (1 − momentum) · batch,
   * with the unbiased batch variance.
   */
  public Operand<T> batchNorm(String name, Operand<T> x) {
    Shape shape = Shape.of(channels(x));
    Operand<T> gamma = parameter(name + "/gamma", Role.GAMMA, shape);
    Operand<T> beta = parameter(name + "/beta", Role.BETA, shape);
    Operand<T> mean = parameter(name + "/moving_mean", Role.MOVING_MEAN, shape);
    Operand<T> variance = parameter(name + "/moving_variance", Role.MOVING_VARIANCE, shape);
    boolean training = phase == Phase.TRAINING;
    List<FusedBatchNorm.Options> options = new ArrayList<>();
    options.add(FusedBatchNorm.epsilon((float) spec.batchNorm().getEpsilon()));
    options.add(FusedBatchNorm.isTraining(training));
    if (training) {
      // the op itself blends the batch into the averages it is given
      options.add(
          FusedBatchNorm.exponentialAvgFactor((float) (1 - spec.batchNorm().getMomentum())));
    }
    FusedBatchNorm<T, T> norm =
        tf.nn.fusedBatchNorm(
            x, gamma, beta, mean, variance, options.toArray(FusedBatchNorm.Options[]::new));
    if (training) {
      averageUpdates.add(
          tf.assignVariableOp(variables.get(name + "/moving_mean").handle(), norm.batchMean()));
      averageUpdates.add(
          tf.assignVariableOp(
              variables.get(name + "/moving_variance").handle(), norm.batchVariance()));
    }
    return norm.y();
  }

  public Operand<T> relu(Operand<T> x) {
    return tf.nn.relu(x);
  }

  public Operand<T> add(Operand<T> x, Operand<T> y) {
    return tf.math.add(x, y);
  }

  /** Mean over height and width: [batch, channels]. */
  public Operand<T> globalAverage(Operand<T> x) {
    return tf.math.mean(x, tf.constant(new int[] {1, 2}));
  }

  /** Every {@code stride}-th pixel of both axes, starting with the first. */
  public Operand<T> subsample(Operand<T> x, int stride) {
    return stride == 1
        ? x
        : tf.stridedSlice(
            x, Indices.all(), Indices.step(stride), Indices.step(stride), Indices.all());
  }

  /** Zero channels added, half of them (rounded down) before and the rest after. */
  public Operand<T> padChannels(Operand<T> x, int channels) {
    int more = Math.toIntExact(channels - channels(x));
    if (more == 0) {
      return x;
    }
    return pad(x, new int[][] {{0, 0}, {0, 0}, {0, 0}, {more / 2, more - more / 2}});
  }

  /**
   * The last, dense layer, [batch, in] → [batch, classes]: kernel {@code name/kernel}, bias {@code
   * name/bias}.
   */
  public Operand<T> classifier(String name, Operand<T> x, int classes) {
    Shape shape = Shape.of(x.shape().get(1), classes);
    Operand<T> kernel = kernel(name + "/kernel", Role.CLASSIFIER_KERNEL, shape);
    Operand<T> bias = parameter(name + "/bias", Role.BIAS, Shape.of(classes));
    costs.add(new LayerCost(parameters.get(name + "/kernel"), 1));
    return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), bias);
  }

  /** A kernel as its {@link KernelForm} lets it enter the forward pass. */
  public Operand<T> kernel(String name, Role role, Shape shape) {
    Operand<T> weight = parameter(name, role, shape);
    Parameter parameter = parameters.get(name);
    Operand<T> result =
        switch (forms.apply(parameter)) {
          case DENSE -> weight;
          case MASKED -> tf.math.mul(weight, variables.at(parameter.mask(), shape).read(tf));
          case SEARCHED -> searched(parameter, weight);
        };
    effective.put(name, result);
    return result;
  }

  private Operand<T> searched(Parameter parameter, Operand<T> weight) {
    Operand<T> mask = variables.at(parameter.mask(), parameter.shape()).read(tf);
    Operand<T> score = variables.at(parameter.score(), parameter.shape()).read(tf);
    scores.put(parameter.name(), score);
    Operand<T> straightThrough = tf.math.add(mask, tf.math.sub(score, tf.stopGradient(score)));
    return tf.math.mul(tf.stopGradient(weight), straightThrough);
  }

  /** A parameter that is not masked. */
  public Operand<T> parameter(String name, Role role, Shape shape) {
    Parameter parameter = new Parameter(name, role, shape);
    if (parameters.putIfAbsent(name, parameter) != null) {
      throw new IllegalArgumentException("parameter " + name + " is laid twice");
    }
    Operand<T> read = variables.at(name, shape).read(tf);
    reads.put(name, read);
    return read;
  }

  private Operand<T> padSpace(Operand<T> x, int pixels) {
    return pad(x, new int[][] {{0, 0}, {pixels, pixels}, {pixels, pixels}, {0, 0}});
  }

  private Operand<T> pad(Operand<T> x, int[][] amounts) {
    return tf.pad(x, tf.constant(amounts), tf.dtypes.cast(tf.constant(0f), type));
  }

  private static long channels(Operand<?> x) {
    return x.shape().get(x.shape().numDimensions() - 1);
  }

  Tower<T> tower(Operand<T> logits) {
    return new Tower<>(
        logits,
        Collections.unmodifiableMap(parameters),
        Collections.unmodifiableMap(reads),
        Collections.unmodifiableMap(scores),
        Collections.unmodifiableMap(effective),
        List.copyOf(averageUpdates),
        List.copyOf(costs));
  }
}
