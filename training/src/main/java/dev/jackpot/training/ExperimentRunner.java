package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.StagePoint;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.MetricsLog;
import dev.jackpot.training.run.PruningLog;
import dev.jackpot.training.run.RescaleRecord;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SheddingLog;
import dev.jackpot.training.run.SwapLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Runs an experiment's stages in order, from wherever its directory says it stopped. */
public final class ExperimentRunner {
  private static final Logger LOG = LogManager.getLogger(ExperimentRunner.class);

  private final ExperimentParts parts;
  private final Experiment experiment;
  private final Supplier<State> initial;
  private final RunDirectory directory;
  private final List<Listener> listeners;
  private final StopSignal stop;
  private final Seeds seeds;
  private final CheckpointStore checkpoints;
  private final SkippedImages skipped;

  /**
   * @param directory locked by the caller, who closes it
   * @param listeners called after the runner's own
   * @param stop asks the run to stop
   */
  public ExperimentRunner(
      ExperimentParts parts, RunDirectory directory, List<Listener> listeners, StopSignal stop) {
    this(parts, () -> StartingValues.of(parts), directory, listeners, stop);
  }

  /**
   * @param initial the parameters that the first stage finds
   */
  ExperimentRunner(
      ExperimentParts parts,
      Supplier<State> initial,
      RunDirectory directory,
      List<Listener> listeners,
      StopSignal stop) {
    this.parts = parts;
    this.initial = initial;
    this.experiment = parts.experiment();
    this.directory = directory;
    this.listeners = List.copyOf(listeners);
    this.stop = stop;
    this.seeds = new Seeds(experiment.getSeed());
    this.checkpoints = new CheckpointStore(directory.checkpoints(), experiment);
    this.skipped = new SkippedImages(parts.data(), directory);
  }

  /**
   * What the stages left.
   *
   * @param state all values
   * @param progress with every stage finished
   */
  public record Trained(State state, Progress progress) {}

  /**
   * Runs what is left of the stages.
   *
   * @throws RunInterruptedException if the run was asked to stop; its state is saved
   */
  public Trained train() {
    Optional<Checkpoint> from = directory.isResumed() ? checkpoints.latest() : Optional.empty();
    Progress progress = from.map(Checkpoint::progress).orElse(Progress.START);
    State state = from.map(Checkpoint::state).orElseGet(this::begin);
    from.ifPresent(c -> LOG.info("continuing from {}", c.directory()));
    List<Stage> stages = ExperimentStages.of(experiment);
    List<String> names = stages.stream().map(Stage::getName).toList();
    MetricsLog.truncateAfter(
        directory.metrics(), names, names.get(progress.stage()), progress.epoch());
    SwapLog.truncateAfter(
        directory.dependency(), names, names.get(progress.stage()), progress.step());
    PruningLog.truncateAfter(
        directory.pruning(), names, names.get(progress.stage()), progress.step());
    SheddingLog.truncateAfter(
        directory.shedding(), names, names.get(progress.stage()), progress.step());
    try (MetricsLog metrics = MetricsLog.open(directory.metrics());
        EvaluationImages evaluation = parts.evaluationImages()) {
      for (int i = progress.stage(); i < names.size(); i++) {
        Trained done = stage(stages.get(i), state, progress, metrics, evaluation);
        state = done.state();
        progress = done.progress();
      }
    }
    return new Trained(state, progress);
  }

  private State begin() {
    State state = initial.get();
    checkpoints.started(state);
    return state;
  }

  private Trained stage(
      Stage stage, State before, Progress start, MetricsLog metrics, EvaluationImages evaluation) {
    String name = stage.getName();
    StageKind kind = StageKinds.REGISTRY.create(stage);
    StageContext context =
        new StageContext(
            parts.summary(),
            MaskProvenances.seed(experiment, stage),
            this::at,
            state -> CriterionGradients.of(parts, state, point -> checkpoints.at(point).state()),
            (kernels, masked, sample) -> FreePruning.open(parts, kernels, masked, sample));
    State first = before;
    Progress progress = start;
    if (!start.begun()) {
      State from = startOf(stage, before);
      first = kind.begin(context, from);
      progress = start.begin(kind.scheduledFrom(context, first));
      UnaryOperator<State> rescaling = rescaling(stage, first);
      first = rescaling.apply(first);
      if (stage.hasShedding()) {
        State dense = rescaling.apply(from.unmasked(parts.summary().parameters()));
        SheddingStarts.begin(parts, directory, stage, dense, first, stop);
      }
    }
    Trained done =
        ExperimentStages.hasEpochs(stage)
            ? trained(stage, kind, context, first, progress, metrics, evaluation)
            : prepared(stage, first, progress, evaluation);
    writeMasks(stage, done.state());
    boolean masked = sparsity(done.state()) > 0;
    return new Trained(done.state(), done.progress().afterStage(name, masked, evaluation.split()));
  }

  /** What rescales the parameters that the stage starts from, if the config says so. */
  private UnaryOperator<State> rescaling(Stage stage, State first) {
    if (!stage.hasRescale()) {
      return UnaryOperator.identity();
    }
    RescaleRecord record =
        Rescalings.REGISTRY
            .create(stage.getRescale())
            .factors(Rescalings.input(parts, stage, first, stop));
    // before the first checkpoint: a run that has the rescaled parameters has their factors
    record.write(directory.rescaling(stage.getName()));
    LOG.info("{}", record.summary(stage.getName()));
    return state -> Rescalings.apply(state, parts.summary().parameters(), record);
  }

  /** What the stage before left, or what the stage says it starts from. */
  private State startOf(Stage stage, State before) {
    List<Parameter> parameters = parts.summary().parameters();
    if (!stage.hasFrom()) {
      return before.carried(parameters);
    }
    State from = at(StagePoint.parse(stage.getFrom()));
    return switch (stage.getFromMasks()) {
      case THEIRS -> from;
      case PRESENT -> from.under(before, parameters);
      case NONE -> from.unmasked(parameters);
    };
  }

  private State at(StagePoint point) {
    return checkpoints.at(point).state().carried(parts.summary().parameters());
  }

  /** A stage without epochs is its first state, measured. */
  private Trained prepared(Stage stage, State state, Progress start, EvaluationImages evaluation) {
    if (start.accuracy() >= 0) {
      return new Trained(state, start);
    }
    long begun = System.nanoTime();
    stop.throwIfRequested("before stage " + stage.getName());
    double accuracy;
    try (InferenceGraph graph = InferenceGraph.open(parts, state, experiment.getRuntime())) {
      accuracy = graph.evaluate(evaluation.batches()).accuracy();
    }
    Progress progress = start.evaluated(accuracy, (System.nanoTime() - begun) / 1e9);
    LOG.info(
        "{}: {} % of the prunable weights are pruned, accuracy {} %",
        stage.getName(), "%.2f".formatted(100 * sparsity(state)), "%.2f".formatted(100 * accuracy));
    checkpoints.prepared(stage.getName(), progress, state);
    listeners.forEach(l -> l.prepared(stage.getName(), progress, state));
    return new Trained(state, progress);
  }

  private Trained trained(
      Stage stage,
      StageKind kind,
      StageContext context,
      State first,
      Progress start,
      MetricsLog metrics,
      EvaluationImages evaluation) {
    try (StageGraphs graphs =
            new StageGraphs(stage, start.epoch(), first, (now, state) -> open(now, kind, state));
        Batches training = parts.trainingBatches(stage, seeds)) {
      Progress progress = start;
      if (start.epoch() == 0 && start.stepInEpoch() == 0 && kind.startBatches().isPresent()) {
        progress = measureStart(kind.startBatches().getAsInt(), graphs.current(), training, start);
      }
      try (BetweenSteps between =
          kind.between(context, start.prunedAtStart(), training.stepsPerEpoch())) {
        Trainer trainer =
            new Trainer(
                graphs,
                stage,
                kind,
                training,
                evaluation,
                between,
                all(metrics, stage, kind),
                stop);
        progress = trainer.run(progress);
      }
      return new Trained(graphs.current().state(), progress);
    }
  }

  private StageGraph open(Stage stage, StageKind kind, State first) {
    return StageGraph.open(
        parts.network(),
        parts.spec(),
        stage,
        kind,
        first,
        experiment.getRuntime(),
        seeds.of("dropout/" + stage.getName()));
  }

  /** Also where a run was killed between the stage's last checkpoint and this. */
  private void writeMasks(Stage stage, State last) {
    Masks masks = new Masks(last.masks(parts.summary().kernels()));
    if (!masks.names().isEmpty()) {
      MaskFiles.write(
          directory.masks(stage.getName()),
          masks,
          MaskProvenances.of(
              "%s, stage %s".formatted(experiment.getName(), stage.getName()), experiment, stage));
    }
  }

  private List<Listener> all(MetricsLog metrics, Stage stage, StageKind kind) {
    List<Listener> all = new ArrayList<>();
    all.add(new DivergenceStop(checkpoints::lastPath));
    all.add(
        new Listener() {
          @Override
          public void epochDone(Moment moment, EpochMetrics line) {
            metrics.append(line);
          }
        });
    DependencyListener.of(parts, stage, kind, directory.dependency(), stop).ifPresent(all::add);
    all.add(new PruningLogger(directory.pruning()));
    SheddingListener.of(parts, stage, directory).ifPresent(all::add);
    all.add(checkpoints);
    all.add(skipped);
    all.addAll(listeners);
    return all;
  }

  /** On the test images, as the result that it is compared with; nothing is chosen by it. */
  private Progress measureStart(int batches, StageGraph graph, Batches training, Progress start) {
    StartMeasurement measurement = new StartMeasurement(graph, parts.summary().parameters(), stop);
    try (Batches test = parts.testBatches()) {
      // after masks the weights without them are no longer the dense network's
      double dense =
          start.denseAccuracy() >= 0 || start.pruned()
              ? start.denseAccuracy()
              : measurement.dense(test);
      double reestimated = batches > 0 ? measurement.reestimated(training, test, batches) : -1;
      LOG.info("dense {}, start masks {}", percent(dense), percent(reestimated));
      return start.measured(dense, reestimated);
    }
  }

  private static String percent(double accuracy) {
    return accuracy < 0 ? "not measured" : "%.2f %%".formatted(100 * accuracy);
  }

  /** Pruned / all over the kernels that have masks. */
  private double sparsity(State state) {
    long all = 0;
    long pruned = 0;
    for (Parameter kernel : parts.summary().kernels()) {
      Optional<Mask> mask = state.mask(kernel);
      if (mask.isPresent()) {
        all += mask.get().size();
        pruned += mask.get().pruned();
      }
    }
    return all == 0 ? 0 : (double) pruned / all;
  }
}
