package dev.jackpot.graph;

import dev.jackpot.config.proto.Runtime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * A {@link SmoothNetwork} in float64 with searched kernels on one fixed batch, its masks and scores
 * random.
 */
final class Float64Search implements AutoCloseable {
  private static final int IMAGES = 6;
  private static final NetworkSpec SPEC = new NetworkSpec(8, 8, 3, 4);

  private final Graph graph = new Graph();
  private final Session session;
  private final Variables<TFloat64> variables;
  private final Operand<TFloat64> loss;
  private final Map<String, Operand<?>> scoreGradients = new LinkedHashMap<>();
  private final Map<String, Operand<?>> effectiveGradients = new LinkedHashMap<>();
  private final Map<String, HostTensor> values = new LinkedHashMap<>();
  final List<Parameter> kernels = new ArrayList<>();

  Float64Search(long seed) {
    Random random = new Random(seed);
    Network network = new SmoothNetwork();
    Model<TFloat64> model =
        new Model<>(
            graph,
            TFloat64.class,
            network,
            SPEC,
            p -> p.role() == Role.CLASSIFIER_KERNEL ? KernelForm.DENSE : KernelForm.SEARCHED);
    Ops tf = model.tf();
    double[][][][] pixels = new double[IMAGES][8][8][3];
    for (double[][][] image : pixels) {
      for (double[][] row : image) {
        for (double[] pixel : row) {
          for (int c = 0; c < 3; c++) {
            pixel[c] = random.nextGaussian();
          }
        }
      }
    }
    Operand<TInt32> labels = tf.constant(new int[] {0, 1, 2, 3, 0, 1});
    Tower<TFloat64> tower = model.lay(tf.constant(pixels), Phase.TRAINING);
    loss = Losses.crossEntropy(tf, tower.logits(), labels, 4, 0.1);
    variables = model.variables();
    gradients(tf, tower.scores(), scoreGradients);
    Map<String, Operand<TFloat64>> effective = new LinkedHashMap<>(tower.effective());
    effective.keySet().retainAll(tower.scores().keySet());
    gradients(tf, effective, effectiveGradients);
    session = Sessions.open(graph, Runtime.getDefaultInstance());
    fill(tower, random);
  }

  private void gradients(
      Ops tf, Map<String, Operand<TFloat64>> of, Map<String, Operand<?>> gradients) {
    Gradients all = tf.gradients(loss, of.values());
    int i = 0;
    for (String name : of.keySet()) {
      gradients.put(name, all.dy(i++));
    }
  }

  private void fill(Tower<TFloat64> tower, Random random) {
    for (Parameter p : tower.parameters().values()) {
      values.put(p.name(), random(p, random, 0.5));
      if (tower.scores().containsKey(p.name())) {
        kernels.add(p);
        HostTensor mask = random(p, random, 1);
        for (int i = 0; i < mask.values().length; i++) {
          mask.values()[i] = mask.values()[i] > 0.3 ? 1 : 0;
        }
        values.put(p.mask(), mask);
        values.put(p.score(), random(p, random, 1));
      }
    }
    variables.assign(session, values);
  }

  private static HostTensor random(Parameter p, Random random, double scale) {
    float[] drawn = new float[p.size()];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (float) (scale * random.nextGaussian());
    }
    return new HostTensor(p.shape(), drawn);
  }

  /** The values of a variable; changes take effect by {@link #put}. */
  float[] value(String variable) {
    return values.get(variable).values();
  }

  void put(String variable) {
    variables.assign(session, Map.of(variable, values.get(variable)));
  }

  double loss() {
    try (Result result = session.runner().fetch(loss).run()) {
      return ((TFloat64) result.get(0)).getDouble();
    }
  }

  /** ∂L/∂s as automatic differentiation gives it. */
  double[] scoreGradient(Parameter kernel) {
    return fetch(scoreGradients.get(kernel.name()));
  }

  /** ∂L/∂ŵ. */
  double[] effectiveGradient(Parameter kernel) {
    return fetch(effectiveGradients.get(kernel.name()));
  }

  private double[] fetch(Operand<?> operand) {
    try (Result result = session.runner().fetch(operand).run()) {
      double[] doubles = new double[(int) result.get(0).shape().size()];
      result.get(0).asRawTensor().data().asDoubles().read(doubles);
      return doubles;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
