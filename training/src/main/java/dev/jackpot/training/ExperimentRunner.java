package dev.jackpot.training;

import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.MetricsLog;
import dev.jackpot.training.run.RunDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Runs an experiment's stages in order, from wherever its directory says it stopped. */
public final class ExperimentRunner {
  private static final Logger LOG = LogManager.getLogger(ExperimentRunner.class);

  private final ExperimentParts parts;
  private final Experiment experiment;
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
    this.parts = parts;
    this.experiment = parts.experiment();
    this.directory = directory;
    this.listeners = List.copyOf(listeners);
    this.stop = stop;
    this.seeds = new Seeds(experiment.getSeed());
    this.checkpoints = new CheckpointStore(directory.checkpoints(), experiment);
    this.skipped = new SkippedImages(parts.data());
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
    State state = from.map(Checkpoint::state).orElseGet(() -> StartingValues.of(parts));
    from.ifPresent(c -> LOG.info("continuing from {}", c.directory()));
    List<String> names = experiment.getStagesList().stream().map(StageKinds::nameOf).toList();
    MetricsLog.truncateAfter(
        directory.metrics(), names, names.get(progress.stage()), progress.epoch());
    try (MetricsLog metrics = MetricsLog.open(directory.metrics());
        EvaluationImages evaluation = parts.evaluationImages()) {
      for (int i = progress.stage(); i < names.size(); i++) {
        Trained done = stage(experiment.getStages(i), state, progress, metrics, evaluation);
        state = done.state();
        progress = done.progress();
      }
    }
    return new Trained(state, progress);
  }

  private Trained stage(
      Stage stage, State before, Progress start, MetricsLog metrics, EvaluationImages evaluation) {
    StageKind kind = StageKinds.REGISTRY.create(stage);
    State first =
        start.atStageStart()
            ? kind.begin(parts.summary(), carried(before), MaskProvenances.seed(experiment, stage))
            : before;
    try (StageGraph graph =
            StageGraph.open(
                parts.network(),
                parts.spec(),
                stage,
                kind,
                first,
                experiment.getRuntime(),
                seeds.of("dropout/" + StageKinds.nameOf(stage)));
        Batches training = parts.trainingBatches(stage, seeds)) {
      Progress progress = start;
      if (start.atStageStart() && kind.startBatches().isPresent()) {
        progress = measureStart(kind.startBatches().getAsInt(), graph, training, start);
      }
      List<Listener> all = new ArrayList<>();
      all.add(new DivergenceStop(checkpoints::lastPath));
      all.add(
          new Listener() {
            @Override
            public void epochDone(Moment moment, EpochMetrics line) {
              metrics.append(line);
            }
          });
      all.add(checkpoints);
      all.add(skipped);
      all.addAll(listeners);
      Trainer trainer =
          new Trainer(graph, stage, kind, training, evaluation, sparsity(first), all, stop);
      progress = trainer.run(progress);
      State last = graph.state();
      writeMasks(stage, last);
      return new Trained(
          last,
          progress.afterStage(StageKinds.nameOf(stage), sparsity(last) > 0, evaluation.split()));
    }
  }

  /** Also where a run was killed between the stage's last checkpoint and this. */
  private void writeMasks(Stage stage, State last) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (Parameter kernel : parts.summary().kernels()) {
      last.mask(kernel).ifPresent(m -> masks.put(kernel.name(), m));
    }
    if (!masks.isEmpty()) {
      MaskFiles.write(
          directory.masks(StageKinds.nameOf(stage)),
          new Masks(masks),
          MaskProvenances.of(
              "%s, stage %s".formatted(experiment.getName(), StageKinds.nameOf(stage)),
              experiment,
              stage));
    }
  }

  private State carried(State before) {
    return before.carried(parts.summary().parameters());
  }

  /** On the test images, as the result that it is compared with; nothing is chosen by it. */
  private Progress measureStart(int batches, StageGraph graph, Batches training, Progress start) {
    StartMeasurement measurement = new StartMeasurement(graph, parts.summary().parameters(), stop);
    try (Batches test = parts.testBatches()) {
      double dense = start.denseAccuracy() >= 0 ? start.denseAccuracy() : measurement.dense(test);
      double reestimated = batches > 0 ? measurement.reestimated(training, test, batches) : -1;
      LOG.info(
          "dense {} %, start masks {} %",
          "%.2f".formatted(100 * dense),
          reestimated < 0 ? "not measured" : "%.2f".formatted(100 * reestimated));
      return start.measured(dense, reestimated);
    }
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
