package dev.jackpot.training;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.FreeShedding;
import dev.jackpot.config.proto.Shedding;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.FreeThreshold;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.pruning.shedding.KeptSets;
import dev.jackpot.pruning.shedding.WatchedKernel;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SheddingLog;
import dev.jackpot.training.run.SheddingMeasurement;
import dev.jackpot.training.run.SheddingMeasurement.Cause;
import dev.jackpot.training.run.SheddingMeasurement.Free;
import dev.jackpot.training.run.SheddingMoment;
import dev.jackpot.training.run.SheddingStart;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Measures how much of a network is shed while a stage trains it (docs/shedding.md). It reads the
 * stage's variables and writes none: with and without it a run ends in the same bits.
 */
final class SheddingListener implements Listener {
  private static final Logger LOG = LogManager.getLogger(SheddingListener.class);

  private final ExperimentParts parts;
  private final Shedding options;
  private final Path log;
  private final SheddingStart start;
  private final WatchedKernels kernels;
  private final KeptSetFiles files;
  private final SheddingControls control;
  private final UnitDeaths deaths;
  private Map<Double, Masks> first = Map.of();
  private Map<Double, Masks> before = Map.of();
  private long event;

  private SheddingListener(ExperimentParts parts, Stage stage, RunDirectory run) {
    this.parts = parts;
    this.options = stage.getShedding();
    this.log = run.shedding();
    Path own = run.shedding(stage.getName());
    this.start = SheddingStart.read(SheddingStarts.file(own));
    this.kernels = new WatchedKernels(options, parts.summary());
    // a checkpoint that is kept lies at most so many measured epochs back
    this.files =
        new KeptSetFiles(own, 1 + Math.max(2, parts.experiment().getCheckpoints().getKeepLast()));
    AtomicFiles.sweep(own);
    this.control = SheddingControls.read(own, stage.getName());
    this.deaths = new UnitDeaths(parts, stage);
  }

  /**
   * Of a stage that asks for it, and whose start is noted. Called before the checkpoints' listener:
   * a checkpoint has the measurements up to its step behind it.
   */
  static Optional<Listener> of(ExperimentParts parts, Stage stage, RunDirectory run) {
    return stage.hasShedding()
        ? Optional.of(new SheddingListener(parts, stage, run))
        : Optional.empty();
  }

  @Override
  public void stageStarted(Moment moment) {
    List<SheddingMeasurement> lines = SheddingLog.read(log, moment.stage());
    event = 0;
    long measured = -1;
    boolean started = false;
    for (SheddingMeasurement line : lines) {
      event = line.cause() == Cause.EVENT ? line.moment().stageStep() : event;
      measured = line.isWhole() ? line.moment().stageStep() : measured;
      started |= line.cause() == Cause.START;
    }
    if (!started && moment.progress().stageStep() == 0) {
      whole(moment, Cause.START, accuracy(moment));
      return;
    }
    List<Double> quantiles = start.levels().quantiles();
    first = files.read(0, quantiles);
    before = measured < 0 ? Map.of() : files.read(measured, quantiles);
  }

  @Override
  public void masksChanged(Moment moment, List<MaskChange> changes) {
    if (changes.stream().anyMatch(MaskChange::isChange)) {
      event = moment.progress().stageStep();
      light(moment, Cause.EVENT);
    }
  }

  @Override
  public void stepDone(Moment moment, StepResult result) {
    Progress progress = moment.progress();
    boolean near = progress.stageStep() - event <= options.getStepsAfterEvent();
    boolean ends = progress.stepInEpoch() == moment.stepsPerEpoch();
    // after an epoch's last step comes epochDone
    if (near && !(ends && isDue(moment, progress.epoch() + 1))) {
      light(moment, Cause.STEP);
    }
  }

  @Override
  public void epochDone(Moment moment, EpochMetrics metrics) {
    if (isDue(moment, moment.progress().epoch())) {
      whole(moment, Cause.EPOCH, metrics.accuracy());
    }
  }

  @Override
  public void stageDone(Moment moment) {
    files.deleteAll();
  }

  private boolean isDue(Moment moment, int epoch) {
    return epoch % options.getInterval() == 0 || epoch == moment.epochs();
  }

  private double accuracy(Moment moment) {
    try (EvaluationImages images = parts.evaluationImages()) {
      return moment.graph().evaluate(images.batches()).accuracy();
    }
  }

  private static SheddingMoment at(Moment moment, double accuracy) {
    Progress p = moment.progress();
    return new SheddingMoment(
        moment.stage(), p.epoch(), p.step(), p.stageStep(), moment.learningRate(), accuracy);
  }

  /** How much is shed, and no more. */
  private void light(Moment moment, Cause cause) {
    Sheds sheds = new Sheds(start, kernels.in(moment.graph().state()));
    SheddingLog.append(log, control.beside(sheds.totals(at(moment, Double.NaN), cause)));
  }

  private void whole(Moment moment, Cause cause, double accuracy) {
    long begun = System.nanoTime();
    State state = moment.graph().state();
    List<WatchedKernel> now = kernels.in(state);
    Map<Double, Masks> kept = KeptSets.of(now, start.levels());
    if (cause == Cause.START) {
      first = kept;
      before = Map.of();
    }
    SheddingMeasurement line =
        new Sheds(start, now)
            .whole(
                at(moment, accuracy), cause, deaths.of(state, moment.graph()), kept, first, before);
    files.write(moment.progress().stageStep(), kept);
    before = kept;
    if (options.hasFree()) {
      line = line.with(free(state, moment.stage()));
    }
    SheddingLog.append(log, control.beside(line));
    LOG.debug(
        "shedding measured at step {} in {} s",
        moment.progress().step(),
        "%.3f".formatted((System.nanoTime() - begun) / 1e9));
  }

  private Free free(State state, String stage) {
    FreeShedding of = options.getFree();
    long seed = new Seeds(parts.experiment().getSeed()).of("shedding/free/" + stage);
    List<Parameter> watched = kernels.parameters();
    try (FreePruning pruning =
        FreePruning.open(
            parts,
            watched,
            state.masks(parts.summary().kernels()).keySet(),
            new Sample(of.getBatches(), of.getBatchSize(), seed, 1))) {
      FreeThreshold found = pruning.find(state, of.getDelta());
      return new Free(
          of.getDelta(), found.threshold(), found.removed(), found.loss(), found.lossAfter());
    }
  }
}
