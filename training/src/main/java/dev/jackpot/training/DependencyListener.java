package dev.jackpot.training;

import dev.jackpot.config.HandOver;
import dev.jackpot.config.MaskRecipes;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.WeightDependency;
import dev.jackpot.config.proto.WeightDependency.Per;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Recipe;
import dev.jackpot.pruning.SwapRanking;
import dev.jackpot.training.SwapInteractions.Measured;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.SwapLog;
import dev.jackpot.training.run.SwapMeasurement;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.tensorflow.types.TFloat32;

/**
 * Measures now and then how the swaps that a search would make next depend on one another
 * (docs/lottery-jackpots.md). It reads the search's variables and writes none: with and without it
 * a run ends in the same bits.
 *
 * <p>What the search would do next is found out in a second graph: one step of the stage on the
 * mini-batch, from the values that the search has. The scores that it leaves rank the swaps.
 */
final class DependencyListener implements Listener {
  private static final Logger LOG = LogManager.getLogger(DependencyListener.class);

  private final ExperimentParts parts;
  private final Stage stage;
  private final StageKind kind;
  private final WeightDependency options;
  private final Recipe recipe;
  private final long seed;
  private final FixedBatch batch;
  private final Path log;
  private final StopSignal stop;

  private DependencyListener(
      ExperimentParts parts, Stage stage, StageKind kind, Path log, StopSignal stop) {
    this.parts = parts;
    this.stage = stage;
    this.kind = kind;
    this.options = stage.getSearch().getDependency();
    this.recipe = Recipe.of(MaskRecipes.of(stage.getSearch()));
    this.seed =
        options.hasSeed()
            ? options.getSeed()
            : new Seeds(parts.experiment().getSeed()).of("dependency/" + StageKinds.nameOf(stage));
    int size = options.hasBatchSize() ? options.getBatchSize() : stage.getBatchSize();
    this.batch = new FixedBatch(parts, size, seed, "dependency");
    this.log = log;
    this.stop = stop;
  }

  /**
   * Of a stage that asks for it. Called before the checkpoints' listener: a checkpoint has the
   * measurements up to its step behind it.
   *
   * @param log where the measurements go
   * @param stop gives a measurement up that is under way; a resumed run makes it anew
   */
  static Optional<Listener> of(
      ExperimentParts parts, Stage stage, StageKind kind, Path log, StopSignal stop) {
    return stage.getSearch().hasDependency()
        ? Optional.of(new DependencyListener(parts, stage, kind, log, stop))
        : Optional.empty();
  }

  /** At the stage's start, and where a run was stopped before it could be measured. */
  @Override
  public void stageStarted(Moment moment) {
    if (isDue(moment) && !isDone(moment)) {
      SwapLog.append(log, measurement(moment));
    }
  }

  @Override
  public void stepDone(Moment moment, StepResult result) {
    // after an epoch's last step comes epochDone
    if (moment.progress().stepInEpoch() < moment.stepsPerEpoch() && isDue(moment)) {
      measure(moment);
    }
  }

  @Override
  public void epochDone(Moment moment, EpochMetrics metrics) {
    if (isDue(moment)) {
      measure(moment);
    }
  }

  private void measure(Moment moment) {
    try {
      SwapLog.append(log, measurement(moment));
    } catch (RunInterruptedException e) {
      LOG.debug("{}; it is made anew when the run is continued", e.getMessage());
    }
  }

  private boolean isDue(Moment moment) {
    Progress progress = moment.progress();
    boolean more = progress.epoch() < moment.epochs();
    return options.getPer() == Per.STEP
        ? more && progress.stageStep() % options.getInterval() == 0
        : more && progress.stepInEpoch() == 0 && progress.epoch() % options.getInterval() == 0;
  }

  private boolean isDone(Moment moment) {
    return SwapLog.read(log).stream()
        .anyMatch(m -> m.stage().equals(moment.stage()) && m.step() == moment.progress().step());
  }

  private SwapMeasurement measurement(Moment moment) {
    State state = moment.graph().state();
    List<Parameter> kernels =
        parts.summary().kernels().stream()
            .filter(k -> state.values().containsKey(k.score()))
            .toList();
    Progress progress = moment.progress();
    double rate =
        LearningRates.at(
            stage.getLearningRate(),
            LearningRates.REGISTRY.create(stage.getLearningRate()),
            progress.epoch(),
            progress.stepInEpoch(),
            moment.stepsPerEpoch(),
            moment.epochs());
    Stage now = HandOver.at(stage, progress.epoch());
    try (Batch images = batch.open()) {
      Map<String, SwapRanking> rankings = rankings(now, kernels, state, images, rate);
      Measured measured = measured(now, kernels, state, rankings, images);
      LOG.debug("{} swaps measured at step {}", measured.kernels().size(), progress.step());
      return new SwapMeasurement(
          moment.stage(),
          progress.epoch(),
          progress.step(),
          measured.loss(),
          rate,
          images.size(),
          measured.kernels(),
          measured.groups());
    }
  }

  private Measured measured(
      Stage now,
      List<Parameter> kernels,
      State state,
      Map<String, SwapRanking> rankings,
      Batch batch) {
    try (SwapGraph<TFloat32> graph =
        new SwapGraph<>(
            TFloat32.class,
            parts.network(),
            parts.spec(),
            state,
            kernels,
            StageGraph.targets(now, parts.spec().classes()),
            parts.experiment().getRuntime(),
            batch)) {
      SwapLosses losses =
          new SwapLosses() {
            @Override
            public double after(List<KernelSwap> swaps) {
              stop.throwIfRequested("in a measurement of weight dependency");
              return graph.after(swaps);
            }

            @Override
            public double predicted(KernelSwap swap) {
              return graph.predicted(swap);
            }
          };
      return SwapInteractions.measure(rankings, losses, options.getSwaps(), options.getPlaces());
    }
  }

  /** The swaps of the step that would come next if it came on this batch. */
  private Map<String, SwapRanking> rankings(
      Stage now, List<Parameter> kernels, State state, Batch batch, double rate) {
    State after;
    try (StageGraph next =
        StageGraph.open(
            parts.network(),
            parts.spec(),
            now,
            kind,
            state,
            parts.experiment().getRuntime(),
            seed)) {
      next.step(batch, rate, 1);
      after = next.state();
    }
    Map<String, SwapRanking> rankings = new LinkedHashMap<>();
    for (Parameter kernel : kernels) {
      rankings.put(
          kernel.name(),
          SwapRanking.of(
              recipe.units(kernel),
              after.get(kernel.score()).values(),
              Mask.of(state.get(kernel.mask())).toBooleans(),
              options.getSwaps()));
    }
    return rankings;
  }
}
