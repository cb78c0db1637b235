package dev.jackpot.tests;

import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Role;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * One forward and backward pass of a network in training, on two images, with weights from {@link
 * GoldenFormula} and every other weight of a kernel masked.
 */
final class OneStep implements AutoCloseable {
  private static final int IMAGES = 2;
  private static final int CLASSES = 10;

  private final Graph graph = new Graph();
  private final Session session;
  private final Model<TFloat32> model;
  private final Tower<TFloat32> tower;
  private final Operand<TFloat32> loss;
  private final Map<String, Operand<TFloat32>> figures = new LinkedHashMap<>();

  /**
   * @param form of all kernels, but that the classifier is never searched
   * @param size of the images, in pixels
   */
  OneStep(Network network, KernelForm form, int size) {
    NetworkSpec spec = new NetworkSpec(size, size, 3, CLASSES);
    model =
        new Model<>(
            graph,
            TFloat32.class,
            Networks.REGISTRY.create(network),
            spec,
            p ->
                form == KernelForm.SEARCHED && p.role() == Role.CLASSIFIER_KERNEL
                    ? KernelForm.DENSE
                    : form);
    Ops tf = model.tf();
    HostTensor images = GoldenFormula.images(IMAGES, size);
    Operand<TFloat32> constant =
        tf.constant(TFloat32.tensorOf(images.shape(), DataBuffers.of(images.values())));
    tower = model.lay(constant, Phase.TRAINING);
    loss = Losses.crossEntropy(tf, tower.logits(), tf.constant(new int[] {3, 7}), CLASSES, .1);
    measure(tf, form);
    session = Sessions.open(graph, Runtime.getDefaultInstance());
    model.variables().assign(session, values());
  }

  /** Sums of magnitudes: what reaches each variable, and what is where it must not be. */
  private void measure(Ops tf, KernelForm form) {
    Map<String, Operand<TFloat32>> reads = new LinkedHashMap<>(tower.scores());
    if (form != KernelForm.SEARCHED) {
      reads.putAll(tower.reads());
      tower.parameters().values().stream()
          .filter(p -> p.role().isAverage())
          .forEach(p -> reads.remove(p.name()));
    }
    Gradients gradients = tf.gradients(loss, reads.values());
    int i = 0;
    for (String name : reads.keySet()) {
      figures.put("gradient of " + name, magnitude(tf, gradients.dy(i++)));
    }
    tower.parameters().values().stream()
        .filter(p -> has(p.mask()))
        .forEach(
            p -> {
              Operand<TFloat32> mask = model.variables().get(p.mask()).read(tf);
              Operand<TFloat32> pruned = tf.math.sub(tf.constant(1f), mask);
              Operand<TFloat32> effective = tower.effective().get(p.name());
              figures.put("pruned of " + p.name(), magnitude(tf, tf.math.mul(effective, pruned)));
            });
  }

  private static Operand<TFloat32> magnitude(Ops tf, Operand<TFloat32> x) {
    return tf.reduceSum(tf.reshape(tf.math.abs(x), tf.constant(new int[] {-1})), tf.constant(0));
  }

  private boolean has(String variable) {
    return model.variables().names().contains(variable);
  }

  /** In one map: each set of variables assigned would prepare the whole graph anew. */
  private Map<String, HostTensor> values() {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Parameter p : tower.parameters().values()) {
      values.put(p.name(), GoldenFormula.parameter(p));
      if (has(p.mask())) {
        float[] mask = new float[p.size()];
        for (int i = 0; i < mask.length; i += 2) {
          mask[i] = 1;
        }
        values.put(p.mask(), new HostTensor(p.shape(), mask));
      }
      if (has(p.score())) {
        values.put(p.score(), HostTensor.filled(p.shape(), .5f));
      }
    }
    return values;
  }

  Map<String, Parameter> parameters() {
    return tower.parameters();
  }

  Shape logits() {
    return tower.logits().shape();
  }

  /** By "gradient of PARAMETER" (of its scores where it is searched) and "pruned of KERNEL". */
  Map<String, Float> figures() {
    Map<String, Float> found = new LinkedHashMap<>();
    float[] values = run(new ArrayList<>(figures.values()), 0);
    int i = 0;
    for (String name : figures.keySet()) {
      found.put(name, values[i++]);
    }
    return found;
  }

  /** In the step that is fed this as its dropout seed. */
  float loss(long step) {
    return run(List.of(loss), step)[0];
  }

  private float[] run(List<Operand<TFloat32>> scalars, long step) {
    try (TInt64 seed = TInt64.scalarOf(step)) {
      Session.Runner runner = session.runner().feed(model.dropoutSeed(), seed);
      scalars.forEach(runner::fetch);
      float[] values = new float[scalars.size()];
      try (Result result = runner.run()) {
        for (int i = 0; i < values.length; i++) {
          values[i] = Variables.host(result.get(i)).values()[0];
        }
      }
      return values;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
