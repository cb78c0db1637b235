package dev.jackpot.graph;

import dev.jackpot.config.proto.WiredLayer.Kind;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * Lays layers of one forward pass: makes their parameters in the graph's {@link Variables} (or
 * finds them there, if an earlier pass made them) and adds the ops. Activations are NHWC. Padding,
 * biases and batch norm follow the network's {@link Conventions}.
 *
 * @param <T> element type
 */
public final class Layers<T extends TFloating> {
  static final double HARD_SIGMOID_SLOPE = Gates.SLOPE;

  private final Ops tf;
  private final Class<T> type;
  private final Conventions conventions;
  private final Phase phase;
  private final Supplier<Operand<TInt64>> dropoutSeed;
  private final Pass<T> pass;
  private final Kernels<T> kernels;
  private final Frame<T> frame;
  private final Norms<T> norms;
  private final Skips<T> skips;
  private final Gates<T> gates;
  private final WiringNotes<T> notes;
  private long dropouts;

  Layers(
      Ops tf,
      Class<T> type,
      Variables<T> variables,
      Conventions conventions,
      Phase phase,
      Pass<T> pass,
      Function<Parameter, KernelForm> forms,
      Supplier<Operand<TInt64>> dropoutSeed,
      WiringNotes<T> notes) {
    this.tf = tf;
    this.type = type;
    this.conventions = conventions;
    this.phase = phase;
    this.pass = pass;
    this.dropoutSeed = dropoutSeed;
    this.kernels = new Kernels<>(tf, variables, forms, pass);
    this.frame = new Frame<>(tf, type, conventions, pass);
    this.norms = new Norms<>(tf, variables, phase, conventions.momentum());
    this.skips = new Skips<>(tf, variables, frame, norms);
    this.gates = new Gates<>(tf, type, phase, pass);
    this.notes = notes;
  }

  /** Ops of the graph, for what no layer here offers. */
  public Ops tf() {
    return tf;
  }

  /**
   * Square convolution, with a bias where the conventions have one before batch norm. Output:
   * [batch, ⌈height/stride⌉, ⌈width/stride⌉, filters].
   *
   * @param name of the layer; its kernel is {@code name/kernel}, [size, size, in, filters], its
   *     bias {@code name/bias}
   * @param size of the kernel, odd
   */
  public Operand<T> convolution(String name, Operand<T> x, int filters, int size, int stride) {
    return convolution(name, x, filters, size, stride, conventions.convolutionBias());
  }

  /** The same with the bias given. */
  public Operand<T> convolution(
      String name, Operand<T> x, int filters, int size, int stride, boolean bias) {
    Operand<T> y = convolution(name, Role.CONVOLUTION_KERNEL, x, filters, size, stride, bias);
    return notes.noted(
        Kind.CONVOLUTION,
        l -> l.setName(name).setFilters(filters).setSize(size).setStride(stride).setBias(bias),
        y,
        x);
  }

  private Operand<T> convolution(
      String name, Role role, Operand<T> x, int filters, int size, int stride, boolean bias) {
    Shape shape = Shape.of(size, size, channels(x), filters);
    Operand<T> kernel = kernels.kernel(name + "/kernel", role, shape);
    Frame.Framed<T> in = frame.convolved(name, x, size, stride);
    Operand<T> y = tf.nn.conv2d(in.x(), kernel, Frame.strides(in.stride()), in.padding());
    return laid(name, y, bias);
  }

  /**
   * Convolution of each channel by itself, with a bias as for {@link #convolution}. Output: [batch,
   * ⌈height/stride⌉, ⌈width/stride⌉, channels].
   *
   * @param name of the layer; its kernel is {@code name/kernel}, [size, size, channels, 1]
   * @param size of the kernel, odd
   */
  public Operand<T> depthwise(String name, Operand<T> x, int size, int stride) {
    return depthwise(name, x, size, stride, conventions.convolutionBias());
  }

  /** The same with the bias given. */
  public Operand<T> depthwise(String name, Operand<T> x, int size, int stride, boolean bias) {
    Shape shape = Shape.of(size, size, channels(x), 1);
    Operand<T> kernel = kernels.kernel(name + "/kernel", Role.DEPTHWISE_KERNEL, shape);
    Frame.Framed<T> in = frame.convolved(name, x, size, stride);
    Operand<T> y =
        tf.nn.depthwiseConv2dNative(in.x(), kernel, Frame.strides(in.stride()), in.padding());
    return notes.noted(
        Kind.DEPTHWISE,
        l -> l.setName(name).setSize(size).setStride(stride).setBias(bias),
        laid(name, y, bias),
        x);
  }

  /** Notes the cost of a layer whose output is known, and adds its bias. */
  private Operand<T> laid(String name, Operand<T> y, boolean bias) {
    kernels.cost(name + "/kernel", y);
    return kernels.output(name + "/kernel", bias ? biased(name, y) : y);
  }

  /** A bias by itself, {@code name/bias}: x + b. */
  public Operand<T> bias(String name, Operand<T> x) {
    return notes.noted(Kind.BIAS, l -> l.setName(name), biased(name, x), x);
  }

  private Operand<T> biased(String name, Operand<T> y) {
    if (phase == Phase.FLOW) {
      return y;
    }
    return tf.nn.biasAdd(y, parameter(name + "/bias", Role.BIAS, Shape.of(channels(y))));
  }

  /**
   * Weighs each channel by what all channels are on average: x · hardSigmoid(expand(relu(reduce(
   * mean(x))))), two 1×1 convolutions with biases (Hu et al. 2018, the gate as in Howard et al.
   * 2019).
   *
   * @param name of the layer; its kernels are {@code name/reduce/kernel} and {@code
   *     name/expand/kernel}
   * @param squeezed channels in between
   */
  public Operand<T> squeezeExcite(String name, Operand<T> x, int squeezed) {
    return squeezeExcite(name, x, squeezed, HARD_SIGMOID_SLOPE);
  }

  /** The same with the gate min(max(x + 3, 0), 6) · slope. {@link Phase#FLOW} has no gate. */
  public Operand<T> squeezeExcite(String name, Operand<T> x, int squeezed, double slope) {
    if (phase == Phase.FLOW) {
      return x;
    }
    Role role = Role.SQUEEZE_EXCITE_KERNEL;
    int channels = Math.toIntExact(channels(x));
    Operand<T> reduced = convolution(name + "/reduce", role, gates.mean(x), squeezed, 1, 1, true);
    Operand<T> y = convolution(name + "/expand", role, pass.relu(reduced), channels, 1, 1, true);
    return notes.noted(
        Kind.SQUEEZE_EXCITE,
        l -> l.setName(name).setFilters(squeezed).setSlope(slope),
        tf.math.mul(x, gates.hardSigmoid(y, slope)),
        x);
  }

  /**
   * Batch norm over all but the last axis: γ (x − mean) / √(variance + ε) + β. Float32 only. In
   * training the running averages move by average ← momentum · average + (1 − momentum) · batch,
   * with the unbiased batch variance.
   */
  public Operand<T> batchNorm(String name, Operand<T> x) {
    Operand<T> y = norms.of(kernels, name, x, conventions.epsilon());
    y = kernels.normed(x, new FollowingNorm(name, conventions.epsilon()), y);
    return notes.noted(Kind.BATCH_NORM, l -> l.setName(name), y, x);
  }

  /**
   * A convolution with its norm where a ghost skip goes around it while the network is trained with
   * some, and as it is at any other time. A network says so of every 3×3 convolution that has no
   * short-cut of its own: those of basic blocks and of plain networks.
   *
   * @param name of the convolution
   * @param x what it takes
   * @param stride of the convolution
   * @param y what it gives, before its activation
   */
  public Operand<T> skipped(String name, Operand<T> x, int stride, Operand<T> y) {
    Operand<T> around =
        pass.skipFactor().map(alpha -> skips.around(name, x, stride, y, alpha)).orElse(y);
    return notes.noted(Kind.SKIP, l -> l.setName(name).setStride(stride), around, x, y);
  }

  /** max(x, 0), or what stands in for it while the network is trained with soft neurons. */
  public Operand<T> relu(Operand<T> x) {
    return notes.noted(Kind.RELU, pass.relu(x), x);
  }

  /** min(max(x, 0), 6), or min(·, 6) of what stands in for {@link #relu}. */
  public Operand<T> relu6(Operand<T> x) {
    return notes.noted(Kind.RELU6, pass.relu6(x), x);
  }

  /** min(max(x + 3, 0), 6) / 6; 1 in {@link Phase#FLOW}. */
  public Operand<T> hardSigmoid(Operand<T> x) {
    return notes.noted(Kind.HARD_SIGMOID, gates.hardSigmoid(x, Gates.SLOPE), x);
  }

  /** x · hardSigmoid(x). */
  public Operand<T> hardSwish(Operand<T> x) {
    return notes.noted(Kind.HARD_SWISH, tf.math.mul(x, gates.hardSigmoid(x, Gates.SLOPE)), x);
  }

  public Operand<T> add(Operand<T> x, Operand<T> y) {
    return notes.noted(Kind.ADD, tf.math.add(x, y), x, y);
  }

  /** The largest value of each window, padded by the conventions if {@code size} is odd. */
  public Operand<T> maxPool(Operand<T> x, int size, int stride) {
    Operand<T> y = frame.maxPool("the max pool " + kernels.place(), x, size, stride);
    return notes.noted(Kind.MAX_POOL, l -> l.setSize(size).setStride(stride), y, x);
  }

  /** Mean over height and width: [batch, channels]. */
  public Operand<T> globalAverage(Operand<T> x) {
    return notes.noted(Kind.GLOBAL_AVERAGE, tf.math.mean(x, tf.constant(new int[] {1, 2})), x);
  }

  /**
   * Mean of {@code bins} parts of the height and of the width, [batch, bins, bins, channels], as
   * PyTorch's adaptive pooling forms them.
   */
  public Operand<T> adaptiveAverage(Operand<T> x, int bins) {
    Operand<T> y = AdaptiveAverage.of(tf, type, x, bins);
    return notes.noted(Kind.ADAPTIVE_AVERAGE, l -> l.setBins(bins), y, x);
  }

  /** Every {@code stride}-th pixel of both axes, starting with the first. */
  public Operand<T> subsample(Operand<T> x, int stride) {
    if (stride == 1) {
      return x;
    }
    Operand<T> y = frame.subsampled(x, stride);
    return notes.noted(Kind.SUBSAMPLE, l -> l.setStride(stride), y, x);
  }

  /** Zero channels added, half of them (rounded down) before and the rest after. */
  public Operand<T> padChannels(Operand<T> x, int channels) {
    int more = Math.toIntExact(channels - channels(x));
    return padChannels(x, more / 2, more - more / 2);
  }

  /** Zero channels added before and after. */
  public Operand<T> padChannels(Operand<T> x, int before, int after) {
    if (before == 0 && after == 0) {
      return x;
    }
    Operand<T> y = frame.channels(x, before, after);
    return notes.noted(Kind.PAD_CHANNELS, l -> l.setBefore(before).setAfter(after), y, x);
  }

  /**
   * The channels of {@code x} among zero channels.
   *
   * @param positions where each of them goes, growing
   * @param channels of the output
   */
  public Operand<T> scatterChannels(Operand<T> x, List<Integer> positions, int channels) {
    Operand<T> y = frame.scattered(x, positions, channels);
    return notes.noted(
        Kind.SCATTER_CHANNELS, l -> l.addAllPositions(positions).setFilters(channels), y, x);
  }

  /** [batch, height, width, channels] → [batch, height · width · channels]. */
  public Operand<T> flatten(Operand<T> x) {
    long values = x.shape().get(1) * x.shape().get(2) * channels(x);
    return notes.noted(Kind.FLATTEN, tf.reshape(x, tf.constant(new long[] {-1, values})), x);
  }

  /**
   * Drops a share of the values in training and scales the others by 1 / (1 − rate); does nothing
   * in inference. Which are dropped is a function of the seed fed for the step and of how many
   * dropouts were laid before this one.
   *
   * @param rate in [0, 1)
   */
  public Operand<T> dropout(Operand<T> x, double rate) {
    if (phase != Phase.TRAINING || rate == 0) {
      return notes.noted(Kind.DROPOUT, l -> l.setRate(rate), x, x);
    }
    Operand<TInt64> seed = tf.stack(List.of(dropoutSeed.get(), tf.constant(dropouts++)));
    return Dropout.of(tf, type, x, rate, seed);
  }

  /**
   * A hidden dense layer, [batch, in] → [batch, units]: kernel {@code name/kernel}, bias {@code
   * name/bias}.
   */
  public Operand<T> dense(String name, Operand<T> x, int units) {
    Operand<T> y = dense(name, Role.DENSE_KERNEL, x, units);
    return notes.noted(Kind.DENSE, l -> l.setName(name).setFilters(units), y, x);
  }

  /** The last, dense layer, [batch, in] → [batch, classes]. */
  public Operand<T> classifier(String name, Operand<T> x, int classes) {
    Operand<T> y = dense(name, Role.CLASSIFIER_KERNEL, x, classes);
    return notes.noted(Kind.CLASSIFIER, l -> l.setName(name).setFilters(classes), y, x);
  }

  private Operand<T> dense(String name, Role role, Operand<T> x, int units) {
    Operand<T> kernel = kernels.kernel(name + "/kernel", role, Shape.of(x.shape().get(1), units));
    return laid(name, tf.linalg.matMul(x, kernel), true);
  }

  /** A kernel as its {@link KernelForm} lets it enter the forward pass. */
  public Operand<T> kernel(String name, Role role, Shape shape) {
    return kernels.kernel(name, role, shape);
  }

  /** A parameter that is not masked. */
  public Operand<T> parameter(String name, Role role, Shape shape) {
    return kernels.parameter(name, role, shape);
  }

  private static long channels(Operand<?> x) {
    return x.shape().get(x.shape().numDimensions() - 1);
  }

  Tower<T> tower(Operand<T> logits) {
    return kernels.tower(logits, norms.averageUpdates(), skips.ghosts());
  }
}
