package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Precision;
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
import dev.jackpot.graph.Variable;
import dev.jackpot.graph.Variables;
import dev.jackpot.pruning.FreeThreshold;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Finds how much of a network can be pruned for nothing, by a loss over a fixed set of calibration
 * images: S_free of docs/magnitude-pruning.md. Batch norm takes each calibration batch's own
 * statistics, which is what averages re-estimated on that batch would be; nothing is dropped out,
 * nothing moves.
 *
 * <p>One graph and one session serve every probe and every state: the threshold is fed, and the
 * pass leaves out what lies below it. In float32 whatever the runtime's precision.
 */
public final class FreePruning implements AutoCloseable {
  private final Graph graph = new Graph();
  private final List<Parameter> kernels;
  private final Variables<TFloat32> variables;
  private final Session session;
  private final Placeholder<TFloat32> images;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TFloat32> threshold;
  private final Operand<TFloat32> loss;
  private final List<TFloat32> calibrationImages = new ArrayList<>();
  private final List<TInt32> calibrationLabels = new ArrayList<>();

  private FreePruning(
      Network network,
      NetworkSpec spec,
      Collection<Parameter> kernels,
      Set<String> masked,
      Runtime runtime) {
    this.kernels = List.copyOf(kernels);
    Session opened = null;
    try {
      Model<TFloat32> model =
          new Model<>(
              graph,
              TFloat32.class,
              network,
              spec,
              p -> masked.contains(p.name()) ? KernelForm.MASKED : KernelForm.DENSE);
      Ops tf = model.tf();
      images = tf.placeholder(TFloat32.class, Placeholder.shape(spec.images(-1)));
      labels = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      threshold = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
      loss =
          Losses.crossEntropy(
              tf,
              model.layAt(images, Phase.SCORING, above(threshold)).logits(),
              labels,
              spec.classes(),
              0);
      variables = model.variables();
      opened = Sessions.open(graph, runtime.toBuilder().setPrecision(Precision.FLOAT32).build());
      session = opened;
    } catch (RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      graph.close();
      throw e;
    }
  }

  /** Kernels without what lies below a threshold. */
  private Moved<TFloat32> above(Operand<TFloat32> least) {
    Set<String> names = kernels.stream().map(Parameter::name).collect(Collectors.toSet());
    return (tf, parameter, value) ->
        names.contains(parameter.name())
            ? tf.select(tf.math.greaterEqual(tf.math.abs(value), least), value, tf.zerosLike(value))
            : value;
  }

  /**
   * Of an experiment that is open. The caller closes it.
   *
   * @param kernels whose weights may go
   * @param masked names of all kernels that have masks
   * @param sample the calibration images: training images, shuffled and augmented by its seed
   * @throws ConfigException if there are not so many
   */
  public static FreePruning open(
      ExperimentParts parts, Collection<Parameter> kernels, Set<String> masked, Sample sample) {
    try (Batches batches = parts.sampleBatches(sample)) {
      return open(
          parts.network(),
          parts.spec(),
          kernels,
          masked,
          parts.experiment().getRuntime(),
          batches,
          sample.batches());
    }
  }

  /**
   * Of any network on any images. The caller closes it.
   *
   * @param batches of whose first epoch the first {@code count} are the calibration images; may be
   *     closed afterwards
   */
  static FreePruning open(
      Network network,
      NetworkSpec spec,
      Collection<Parameter> kernels,
      Set<String> masked,
      Runtime runtime,
      Batches batches,
      int count) {
    FreePruning pruning = new FreePruning(network, spec, kernels, masked, runtime);
    try {
      pruning.calibrate(spec, batches, count);
      return pruning;
    } catch (RuntimeException e) {
      pruning.close();
      throw e;
    }
  }

  private void calibrate(NetworkSpec spec, Batches batches, int count) {
    if (count > batches.stepsPerEpoch()) {
      throw new ConfigException(
          "free pruning: found %d calibration batches; expected at most the %d that the training images make"
              .formatted(count, batches.stepsPerEpoch()));
    }
    try (BatchStream stream = batches.open(0, 0)) {
      for (int i = 0; i < count; i++) {
        try (Batch batch = stream.next()) {
          if (batch.size() > 0) {
            calibrationImages.add(InferencePass.images(spec, batch));
            calibrationLabels.add(InferencePass.labels(batch));
          }
        }
      }
    }
    if (calibrationImages.isEmpty()) {
      throw new JackpotException(
          "free pruning: none of the calibration images can be decoded; `jackpot data check` lists"
              + " them");
    }
  }

  /** Gives the network these parameters and masks; what else is in the state is left out. */
  public void assign(State state) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Variable<TFloat32> variable : variables.all()) {
      values.put(variable.name(), state.get(variable.name()));
    }
    variables.assign(session, values);
  }

  /**
   * Mean loss over the calibration images, of the state that was assigned last without its live
   * weights below a threshold, in nats.
   *
   * @param least 0 leaves all weights
   */
  public double loss(float least) {
    double sum = 0;
    long count = 0;
    try (TFloat32 fed = TFloat32.scalarOf(least)) {
      for (int i = 0; i < calibrationImages.size(); i++) {
        long size = calibrationLabels.get(i).shape().size();
        try (Result result =
            session
                .runner()
                .feed(images, calibrationImages.get(i))
                .feed(labels, calibrationLabels.get(i))
                .feed(threshold, fed)
                .fetch(loss)
                .run()) {
          sum += (double) ((TFloat32) result.get(0)).getFloat() * size;
          count += size;
        }
      }
    }
    return sum / count;
  }

  /**
   * How much of a state can be pruned for nothing.
   *
   * @param state parameters and masks, of the kernels that were said to have some
   * @param delta the loss may rise by so much, in nats
   * @throws JackpotException if a live weight or the state's loss is not a finite number
   */
  public FreeThreshold find(State state, double delta) {
    assign(state);
    return FreeThreshold.find(kernels, state.values(), state.masks(kernels), delta, this::loss);
  }

  @Override
  public void close() {
    session.close();
    graph.close();
    calibrationImages.forEach(TFloat32::close);
    calibrationLabels.forEach(TInt32::close);
  }
}
