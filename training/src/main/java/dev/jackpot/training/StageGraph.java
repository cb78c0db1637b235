package dev.jackpot.training;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Losses;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variable;
import dev.jackpot.graph.Variables;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Threshold;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.Batches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * The graph and the session of one stage. One step is one Session.run: forward, backward,
 * optimizer, batch-norm averages, mask update, in that order by control dependencies.
 */
public final class StageGraph implements AutoCloseable {
  private final Graph graph;
  private final Session session;
  private final NetworkSpec spec;
  private final Variables<TFloat32> variables;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TFloat32> rate;
  private final Placeholder<TFloat64> restriction;
  private final Placeholder<TInt64> dropout;
  private final long dropoutSeed;
  private final Placeholder<TString> savePrefix;
  private final Operand<TFloat32> loss;
  private final Operand<TInt32> correct;
  private final Operand<TInt32> swaps;
  private final Op step;
  private final Op averages;
  private final InferencePass inference;
  private final Optional<OutputVariances> variances;
  private final Op save;

  /**
   * Builds the graph and gives its variables the values of {@code first}; optimizer slots start at
   * zero unless it has them. The caller closes it.
   *
   * @param stage as its epochs have it that are to be trained: with its ghosts or without
   * @param dropoutSeed decides what dropout drops in each step
   */
  public static StageGraph open(
      Network network,
      NetworkSpec spec,
      Stage stage,
      StageKind kind,
      State first,
      Runtime runtime,
      long dropoutSeed) {
    Graph graph = new Graph();
    try {
      return new StageGraph(graph, network, spec, stage, kind, first, runtime, dropoutSeed);
    } catch (RuntimeException e) {
      graph.close();
      throw e;
    }
  }

  private StageGraph(
      Graph graph,
      Network network,
      NetworkSpec spec,
      Stage stage,
      StageKind kind,
      State first,
      Runtime runtime,
      long dropoutSeed) {
    this.graph = graph;
    this.dropoutSeed = dropoutSeed;
    this.spec = spec;
    Model<TFloat32> model =
        new Model<>(graph, TFloat32.class, network, spec, p -> kind.form(p, first));
    Ops tf = model.tf();
    variables = model.variables();
    images = tf.placeholder(TFloat32.class, Placeholder.shape(spec.images(-1)));
    labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    rate = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    dropout = model.dropoutSeed();
    restriction = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.scalar()));

    GhostSchedule ghosts = new GhostSchedule(stage);
    Tower<TFloat32> training = model.lay(images, Phase.TRAINING, ghosts.form());
    loss =
        Losses.crossEntropy(
            tf, training.logits(), labels, spec.classes(), targets(stage, spec.classes()));
    correct = Losses.correct(tf, training.logits(), labels);
    Optimizer optimizer = Optimizers.REGISTRY.create(stage.getOptimizer());
    List<Op> updates =
        new Updates(tf, variables, optimizer, rate)
            .of(loss, Updates.trained(stage, kind, training));
    averages = tf.withControlDependencies(training.averageUpdates()).noOp();
    updates.addAll(training.averageUpdates());
    Ops after = tf.withSubScope("after").withControlDependencies(updates);
    swaps =
        kind.afterUpdate(
            after,
            training.parameters().values().stream().filter(p -> p.role().isKernel()).toList(),
            variables,
            first,
            restriction,
            Sessions.mayUseGpu(runtime) ? Threshold.TOP_K : Threshold.NTH_ELEMENT);
    step = tf.withControlDependencies(swaps).noOp();

    inference = new InferencePass(model, images, labels, ghosts.form());
    variances =
        stage.hasShedding()
            ? Optional.of(new OutputVariances(tf, spec, images, inference.tower()))
            : Optional.empty();
    savePrefix = tf.placeholder(TString.class, Placeholder.shape(Shape.scalar()));
    save = save(tf);
    session = Sessions.open(graph, runtime);
    try {
      initialize(first.over(ghostsAtStart(stage, ghosts, training)));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** What the training loss of a stage, as one of its epochs has it, is taken against. */
  static Losses.Targets targets(Stage stage, int classes) {
    double epsilon = stage.getLabelSmoothing();
    return switch (stage.getLabelSmoothingForm()) {
      case ALL_CLASSES -> Losses.Targets.smoothed(epsilon, classes);
      case OTHER_CLASSES -> Losses.Targets.smoothedOthers(epsilon, classes);
    };
  }

  private static Map<String, HostTensor> ghostsAtStart(
      Stage stage, GhostSchedule schedule, Tower<TFloat32> training) {
    Map<String, HostTensor> values = new LinkedHashMap<>(schedule.at(0, 0, 1));
    double weight = stage.getGhosts().getSkips().getInitialWeight();
    training.ghosts().forEach((name, ghost) -> values.put(name, ghost.initial(weight)));
    return values;
  }

  private Op save(Ops tf) {
    List<Operand<?>> tensors = new ArrayList<>();
    variables.all().forEach(v -> tensors.add(v.fetched()));
    String[] names = variables.names().toArray(String[]::new);
    String[] slices = new String[names.length];
    Arrays.fill(slices, "");
    return tf.train.save(savePrefix, tf.array(names), tf.array(slices), tensors);
  }

  private void initialize(State first) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Variable<TFloat32> variable : variables.all()) {
      HostTensor value = first.values().get(variable.name());
      values.put(variable.name(), value != null ? value : HostTensor.filled(variable.shape(), 0));
    }
    variables.assign(session, values);
  }

  /**
   * One training step.
   *
   * @param learningRate η
   * @param allowedSwaps share of the wanted swaps to carry out, in (0, 1]
   */
  public StepResult step(Batch batch, double learningRate, double allowedSwaps) {
    try (TFloat32 x = InferencePass.images(spec, batch);
        TInt32 y = InferencePass.labels(batch);
        TFloat32 eta = TFloat32.scalarOf((float) learningRate);
        TFloat64 share = TFloat64.scalarOf(allowedSwaps);
        TInt64 seed = dropoutSeed(batch);
        Result result =
            session
                .runner()
                .feed(images, x)
                .feed(labels, y)
                .feed(rate, eta)
                .feed(restriction, share)
                .feed(dropout, seed)
                .addTarget(step)
                .fetch(loss)
                .fetch(correct)
                .fetch(swaps)
                .run()) {
      return new StepResult(
          ((TFloat32) result.get(0)).getFloat(),
          ((TInt32) result.get(1)).getInt(),
          ((TInt32) result.get(2)).getInt());
    }
  }

  /** A forward pass in training mode that moves batch norm's averages and nothing else. */
  public void updateAverages(Batch batch) {
    try (TFloat32 x = InferencePass.images(spec, batch);
        TInt64 seed = dropoutSeed(batch);
        Result result =
            session.runner().feed(images, x).feed(dropout, seed).addTarget(averages).run()) {
      // run for its effect
    }
  }

  /** Another number for each step of a stage, the same when the step is repeated. */
  private TInt64 dropoutSeed(Batch batch) {
    return TInt64.scalarOf(dropoutSeed ^ ((long) batch.epoch() << Integer.SIZE | batch.step()));
  }

  /**
   * Loss (without smoothing) and accuracy over all batches of one pass, by the running averages;
   * with the stage's ghosts, as they are.
   */
  public Evaluation evaluate(Batches batches) {
    return inference.evaluate(session, batches);
  }

  /**
   * How much each unit's output varies over a batch, by the name of its layer's kernel: one a
   * channel, before the activation, by the running averages. Only of a stage with {@code shedding}.
   */
  public Map<String, double[]> outputVariances(Batch batch) {
    return variances
        .orElseThrow(() -> new IllegalStateException("the stage watches no shedding"))
        .of(session, batch);
  }

  /**
   * Everything the session holds, by variable. Some alone cannot be read, and {@link #assign} is
   * best given all: for each other set of fetches or feeds TensorFlow prepares the whole graph
   * anew, which takes seconds for a large network.
   */
  public State state() {
    return new State(variables.read(session, variables.names()));
  }

  /** The first variable with a value that is not a finite number, if any. */
  public Optional<String> firstNonFinite() {
    for (Map.Entry<String, HostTensor> read : state().values().entrySet()) {
      for (float value : read.getValue().values()) {
        if (!Float.isFinite(value)) {
          return Optional.of(read.getKey());
        }
      }
    }
    return Optional.empty();
  }

  /** Overwrites variables. */
  public void assign(Map<String, HostTensor> values) {
    variables.assign(session, values);
  }

  /** Pruned / all over the kernels that have masks, in [0, 1]; 0 if none has. */
  public double sparsity() {
    long all = 0;
    long pruned = 0;
    for (Map.Entry<String, HostTensor> value : state().values().entrySet()) {
      if (value.getKey().endsWith("/mask")) {
        Mask mask = Mask.of(value.getValue());
        all += mask.size();
        pruned += mask.pruned();
      }
    }
    return all == 0 ? 0 : (double) pruned / all;
  }

  /**
   * Writes all variables as a TensorFlow V2 checkpoint bundle, {@code prefix.index} and {@code
   * prefix.data-…}.
   */
  public void save(Path prefix) {
    try (TString where = TString.scalarOf(prefix.toString());
        Result result = session.runner().feed(savePrefix, where).addTarget(save).run()) {
      // run for its effect
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
