package dev.jackpot.training;

import static dev.jackpot.training.LookAheadFeeds.number;
import static dev.jackpot.training.LookAheadFeeds.numbers;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Moved;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variable;
import dev.jackpot.training.LookAhead.Ahead;
import dev.jackpot.training.LookAhead.Gradient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * A network at θ(α) = α ⊙ θ0 under its masks: g, u and products with the Hessian stay in the
 * session, a number per tensor comes out. Batch norm takes the batch's statistics and its averages
 * stay; nothing is dropped out. A product is a central difference of two gradients, both of which
 * keep every ReLU and max-pooling on its side at θ(α), as automatic differentiation does.
 *
 * @param <T> element type; float32 for networks with batch norm
 */
final class LookAheadGraph<T extends TFloating>
    implements LookAhead.Oracle<LookAheadGraph.Images>, AutoCloseable {
  /** How far the parameters are moved for a difference, as a share of their norm. */
  private static final double DISTANCE = 3e-4;

  private static final double DISTANCE_IN_FLOAT64 = 1e-5;

  private static final double TINY = 1e-30;

  private final Graph graph = new Graph();
  private final Class<T> type;
  private final NetworkSpec spec;
  private final List<Parameter> scaled;
  private final Function<Parameter, KernelForm> forms;
  private final Session session;
  private final Model<T> model;
  private final Ops tf;
  private final Sums<T> sums;
  private final LookAheadFeeds feeds;
  private final Map<String, Operand<T>> factors = new HashMap<>();
  private final List<Operand<?>> gradient;
  private final List<Op> keepGradient;
  private final List<Operand<?>> ahead;
  private final List<Op> keepAhead;
  private final List<Operand<?>> product;

  /**
   * Images and their classes.
   *
   * @param pixels normalised [batch, height, width, channels]
   */
  record Images(float[] pixels, int[] labels) {}

  /**
   * @param scaled the parameters that have a factor, in the order of the factors
   * @param state θ0 and the masks; not changed
   */
  LookAheadGraph(
      Class<T> type,
      Network network,
      NetworkSpec spec,
      List<Parameter> scaled,
      State state,
      Runtime runtime) {
    this.type = type;
    this.spec = spec;
    this.scaled = List.copyOf(scaled);
    this.forms = state::form;
    try {
      model = new Model<>(graph, type, network, spec, forms);
      tf = model.tf();
      sums = new Sums<>(tf);
      feeds = new LookAheadFeeds(tf, spec, scaled.size());
      List<? extends Operand<TFloat64>> unstacked =
          tf.<TFloat64>unstack(feeds.alphas(), (long) scaled.size()).output();
      for (int k = 0; k < scaled.size(); k++) {
        factors.put(scaled.get(k).name(), cast(unstacked.get(k)));
      }
      Operand<T> x = cast(feeds.images());

      ScaledPoint<T> at = point((ops, p, value) -> value);
      Tower<T> tower = model.layAt(x, Phase.SCORING, at);
      List<Operand<T>> g = gradients(at, tower);
      gradient = List.of(wide(loss(tower)), sums.norm(g));
      keepGradient = keep("gradient", g);

      ScaledPoint<T> further =
          point(
              (ops, p, value) ->
                  ops.math.sub(
                      value, ops.math.mul(cast(feeds.step()), variable("gradient", p).read(ops))));
      Tower<T> towerAhead = model.layAt(x, Phase.SCORING, further);
      List<Operand<T>> u = gradients(further, towerAhead);
      ahead =
          List.of(
              wide(loss(towerAhead)),
              sums.dot(u, read("gradient")),
              sums.each(u, further.origins(scaled)));
      keepAhead = keep("ahead", u);

      product = List.of(difference(x));
      session = Sessions.open(graph, runtime);
      try {
        initialize(state);
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  /** α ⊙ θ0, moved from there. */
  private ScaledPoint<T> point(Moved<T> moved) {
    return new ScaledPoint<>(factors, moved);
  }

  private List<Operand<T>> gradients(ScaledPoint<T> point, Tower<T> tower) {
    return point.gradients(model, loss(tower), scaled, forms);
  }

  /** ⟨Hv, θ0⟩, v = a·u + b·g. The second pass waits for the first: their memory is used twice. */
  private Operand<TFloat64> difference(Operand<T> x) {
    Map<String, Operand<T>> v = new HashMap<>();
    for (Parameter p : scaled) {
      v.put(
          p.name(),
          tf.math.add(
              tf.math.mul(cast(feeds.ofU()), variable("ahead", p).read(tf)),
              tf.math.mul(cast(feeds.ofG()), variable("gradient", p).read(tf))));
    }
    ScaledPoint<T> at = point((ops, p, value) -> value);
    Function<Moved<T>, Tower<T>> beside = model.layBeside(x, Phase.SCORING, at);
    double share = type == TFloat64.class ? DISTANCE_IN_FLOAT64 : DISTANCE;
    Operand<TFloat64> distance =
        tf.math.div(
            tf.math.mul(tf.constant(share), sums.norm(at.taken(scaled))),
            tf.math.maximum(sums.norm(List.copyOf(v.values())), tf.constant(TINY)));
    List<List<Operand<T>>> sides = new ArrayList<>();
    for (double sign : new double[] {1, -1}) {
      Operand<T> far = cast(tf.math.mul(tf.constant(sign), distance));
      List<Op> before = sides.isEmpty() ? List.of() : List.copyOf(sides.get(0));
      ScaledPoint<T> point =
          point(
              (ops, p, value) ->
                  ops.withControlDependencies(before)
                      .math
                      .add(value, ops.math.mul(far, v.get(p.name()))));
      sides.add(gradients(point, beside.apply(point)));
    }
    List<Operand<T>> differences = new ArrayList<>();
    for (int k = 0; k < scaled.size(); k++) {
      differences.add(tf.math.sub(sides.get(0).get(k), sides.get(1).get(k)));
    }
    return tf.math.div(
        sums.each(differences, at.origins(scaled)), tf.math.mul(tf.constant(2.), distance));
  }

  private Operand<T> loss(Tower<T> tower) {
    return Losses.crossEntropy(tf, tower.logits(), feeds.labels(), spec.classes(), 0);
  }

  private Variable<T> variable(String what, Parameter p) {
    return model.variables().at(p.name() + "/" + what, p.shape());
  }

  private List<Operand<T>> read(String what) {
    List<Operand<T>> reads = new ArrayList<>();
    scaled.forEach(p -> reads.add(variable(what, p).read(tf)));
    return reads;
  }

  private List<Op> keep(String what, List<Operand<T>> values) {
    List<Op> assigned = new ArrayList<>();
    for (int k = 0; k < scaled.size(); k++) {
      assigned.add(tf.assignVariableOp(variable(what, scaled.get(k)).handle(), values.get(k)));
    }
    return assigned;
  }

  private Operand<T> cast(Operand<? extends TFloating> value) {
    return tf.dtypes.cast(value, type);
  }

  private Operand<TFloat64> wide(Operand<T> value) {
    return tf.dtypes.cast(value, TFloat64.class);
  }

  private void initialize(State state) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Variable<T> variable : model.variables().all()) {
      values.put(
          variable.name(),
          state.values().containsKey(variable.name())
              ? state.get(variable.name())
              : HostTensor.filled(variable.shape(), 0));
    }
    model.variables().assign(session, values);
  }

  @Override
  public Gradient gradient(double[] alpha, Images batch) {
    return feeds.run(
        session,
        alpha,
        batch,
        Map.of(),
        gradient,
        keepGradient,
        result -> new Gradient(number(result, 0), number(result, 1)));
  }

  @Override
  public Ahead ahead(double[] alpha, double far, Images batch) {
    return feeds.run(
        session,
        alpha,
        batch,
        Map.of(feeds.step(), far),
        ahead,
        keepAhead,
        result -> new Ahead(number(result, 0), numbers(result, 2), number(result, 1)));
  }

  @Override
  public double[] product(double[] alpha, double a, double b, Images batch) {
    return feeds.run(
        session,
        alpha,
        batch,
        Map.of(feeds.ofU(), a, feeds.ofG(), b),
        product,
        List.of(),
        result -> numbers(result, 0));
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
