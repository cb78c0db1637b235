package dev.jackpot.tests;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * A network with initial values, every kernel in one form, half of the weights masked: its training
 * loss on a fixed batch of noise, the gradients and a step of plain descent. Everything is summed
 * in the graph, so that large networks do not leave it.
 */
final class StepProbe implements AutoCloseable {
  static final int BATCH = 2;
  private static final Runtime CPU = Runtime.newBuilder().setDevice(Runtime.Device.CPU).build();

  private final Graph graph = new Graph();
  private final Session session;
  private final NetworkSpec spec;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TInt64> dropout;
  private final Placeholder<TFloat32> rate;
  private final Tower<TFloat32> tower;
  private final Operand<TFloat32> loss;
  private final Map<String, Operand<TFloat32>> squares = new LinkedHashMap<>();
  private final Map<String, Operand<TFloat32>> leaks = new LinkedHashMap<>();
  private final List<Op> step = new ArrayList<>();
  private final Variables<TFloat32> variables;

  StepProbe(Network network, NetworkSpec spec, KernelForm form) {
    this.spec = spec;
    Model<TFloat32> model = new Model<>(graph, TFloat32.class, network, spec, p -> form);
    variables = model.variables();
    Ops tf = model.tf();
    images = tf.placeholder(TFloat32.class, Placeholder.shape(spec.images(BATCH)));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(BATCH)));
    rate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    dropout = model.dropoutSeed();
    tower = model.lay(images, Phase.TRAINING);
    loss = Losses.crossEntropy(tf, tower.logits(), labels, spec.classes(), 0);
    descend(tf, form == KernelForm.SEARCHED);
    if (form.hasMask()) {
      tower
          .effective()
          .forEach((name, kernel) -> leaks.put(name, outside(tf, kernel, mask(tf, name))));
    }
    session = Sessions.open(graph, CPU);
    reset();
  }

  /** Gradients of what is trained: scores of a search, else all but the running averages. */
  private void descend(Ops tf, boolean searched) {
    Map<String, Operand<TFloat32>> trained = new LinkedHashMap<>();
    if (searched) {
      tower.scores().forEach((k, read) -> trained.put(tower.parameters().get(k).score(), read));
    } else {
      tower.reads().forEach(trained::put);
      tower.parameters().values().stream()
          .filter(p -> p.role().isAverage())
          .forEach(p -> trained.remove(p.name()));
    }
    Gradients gradients = tf.gradients(loss, trained.values());
    int i = 0;
    for (String name : trained.keySet()) {
      Operand<TFloat32> gradient = gradients.dy(i++);
      squares.put(name, sum(tf, tf.math.square(gradient)));
      step.add(tf.train.resourceApplyGradientDescent(variables.get(name).handle(), rate, gradient));
    }
  }

  private Operand<TFloat32> mask(Ops tf, String kernel) {
    return variables.get(tower.parameters().get(kernel).mask()).read(tf);
  }

  private static Operand<TFloat32> outside(
      Ops tf, Operand<TFloat32> kernel, Operand<TFloat32> mask) {
    return sum(tf, tf.math.mul(tf.math.abs(kernel), tf.math.sub(tf.constant(1f), mask)));
  }

  private static Operand<TFloat32> sum(Ops tf, Operand<TFloat32> x) {
    int[] axes = new int[x.shape().numDimensions()];
    Arrays.setAll(axes, i -> i);
    return tf.reduceSum(x, tf.constant(axes));
  }

  /** Gives all variables the values they had at first. */
  void reset() {
    Collection<Parameter> parameters = tower.parameters().values();
    // in one run: TensorFlow prepares the whole graph anew for each other set of targets
    Map<String, HostTensor> values = InitialValues.draw(parameters, 1, CPU);
    for (Parameter p : parameters) {
      if (variables.names().contains(p.mask())) {
        values.put(p.mask(), coins(p));
      }
      if (variables.names().contains(p.score())) {
        values.put(p.score(), values.get(p.mask()));
      }
    }
    variables.assign(session, values);
  }

  /** A mask of half the weights. Scores may have any values: they have these. */
  private static HostTensor coins(Parameter kernel) {
    Random random = new Random(kernel.name().hashCode());
    float[] values = new float[kernel.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextBoolean() ? 1 : 0;
    }
    return new HostTensor(kernel.shape(), values);
  }

  /**
   * What one run saw before its step.
   *
   * @param loss in training
   * @param squares Σ g² of each trained variable
   * @param prunedMagnitudes Σ |ŵ| over the pruned weights of each kernel
   */
  record Seen(float loss, Map<String, Float> squares, Map<String, Float> prunedMagnitudes) {}

  Shape logits() {
    return tower.logits().shape();
  }

  /**
   * variable ← variable − η · gradient. All that is asked for is fetched in the same run:
   * TensorFlow prepares the graph for each set of targets, and that takes longer than running it.
   *
   * @param eta 0 changes nothing
   * @param seed what is dropped follows from it
   */
  Seen step(double eta, long seed) {
    Session.Runner runner = session.runner().fetch(loss);
    squares.values().forEach(runner::fetch);
    leaks.values().forEach(runner::fetch);
    step.forEach(runner::addTarget);
    try (TFloat32 x = TFloat32.tensorOf(spec.images(BATCH), DataBuffers.of(noise()));
        TInt32 y = TInt32.vectorOf(1, 4);
        TInt64 s = TInt64.scalarOf(seed);
        TFloat32 r = TFloat32.scalarOf((float) eta);
        Result result =
            runner.feed(images, x).feed(labels, y).feed(dropout, s).feed(rate, r).run()) {
      Iterator<Map.Entry<String, Tensor>> rest = result.iterator();
      return new Seen(number(rest.next().getValue()), named(squares, rest), named(leaks, rest));
    }
  }

  private float[] noise() {
    Random random = new Random(3);
    float[] pixels = new float[(int) spec.images(BATCH).size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  private static Map<String, Float> named(
      Map<String, Operand<TFloat32>> operands, Iterator<Map.Entry<String, Tensor>> values) {
    Map<String, Float> named = new LinkedHashMap<>();
    operands.keySet().forEach(name -> named.put(name, number(values.next().getValue())));
    return named;
  }

  private static float number(Tensor scalar) {
    return ((TFloat32) scalar).getFloat();
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
