package dev.jackpot.training;

import dev.jackpot.config.HandOver;
import dev.jackpot.config.proto.LearningRate;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.run.EpochMetrics;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The loop: epochs of steps, each epoch evaluated; everything else is a {@link Listener}. */
final class Trainer {
  private final StageGraphs graphs;
  private final Stage stage;
  private final StageKind kind;
  private final RateSchedule schedule;
  private final Batches training;
  private final EvaluationImages evaluation;
  private final BetweenSteps between;
  private final List<Listener> listeners;
  private final StopSignal stop;
  private final GhostSchedule ghosts;
  private StageGraph graph;
  private Map<String, HostTensor> scalars = Map.of();
  private double sparsity;

  /**
   * @param evaluation what the epochs are evaluated on
   * @param between what happens between steps
   */
  Trainer(
      StageGraphs graphs,
      Stage stage,
      StageKind kind,
      Batches training,
      EvaluationImages evaluation,
      BetweenSteps between,
      List<Listener> listeners,
      StopSignal stop) {
    this.graphs = graphs;
    this.graph = graphs.current();
    this.ghosts = new GhostSchedule(stage);
    this.stage = stage;
    this.kind = kind;
    this.schedule = LearningRates.REGISTRY.create(stage.getLearningRate());
    this.training = training;
    this.evaluation = evaluation;
    this.between = between;
    this.listeners = listeners;
    this.stop = stop;
  }

  /**
   * Runs what is left of the stage.
   *
   * @return how far the run has come
   * @throws RunInterruptedException if it was asked to stop
   */
  Progress run(Progress start) {
    Progress progress = start;
    sparsity = graph.sparsity();
    tell(l -> l.stageStarted(moment(start, 0)));
    while (progress.epoch() < stage.getEpochs()) {
      progress = epoch(progress);
    }
    Moment end = moment(progress, 0);
    tell(l -> l.stageDone(end));
    return progress;
  }

  private Progress epoch(Progress start) {
    long begun = System.nanoTime();
    Progress progress = start;
    int epoch = start.epoch();
    graph = graphs.at(epoch);
    double allowedSwaps = kind.restriction(epoch, stage.getEpochs());
    double rate = rate(epoch, Math.max(0, training.stepsPerEpoch() - 1));
    try (BatchStream stream = training.open(epoch, start.stepInEpoch())) {
      while (stream.hasNext()) {
        rate = rate(epoch, progress.stepInEpoch());
        setGhosts(epoch, progress.stepInEpoch());
        progress = step(progress, stream, rate, allowedSwaps);
      }
    }
    Tally sums = progress.tally();
    double accuracy = isEvaluated(epoch) ? evaluate(moment(progress, rate)) : Double.NaN;
    double seconds = start.tally().seconds() + secondsSince(begun);
    EpochMetrics metrics =
        new EpochMetrics(
            StageKinds.nameOf(stage),
            epoch + 1,
            progress.step(),
            sums.loss(),
            sums.accuracy(),
            accuracy,
            evaluation.split(),
            rate,
            sparsity,
            sums.swaps(),
            sums.imagesPerSecond(),
            seconds);
    progress =
        Double.isNaN(accuracy)
            ? progress.afterEpoch(seconds)
            : progress.afterEpoch(accuracy, seconds, !HandOver.at(stage, epoch).hasGhosts());
    Moment moment = moment(progress, rate);
    tell(l -> l.epochDone(moment, metrics));
    stopIfAsked(moment);
    return progress;
  }

  private boolean isEvaluated(int epoch) {
    int done = epoch + 1;
    return done % stage.getEvaluateEvery() == 0 || done == stage.getEpochs();
  }

  private double evaluate(Moment moment) {
    Evaluation measured = graph.evaluate(evaluation.batches());
    tell(l -> l.evaluated(moment, measured));
    return measured.accuracy();
  }

  private void setGhosts(int epoch, int step) {
    if (HandOver.at(stage, epoch).hasGhosts()) {
      Map<String, HostTensor> now = ghosts.at(epoch, step, training.stepsPerEpoch());
      if (!now.equals(scalars)) {
        graph.assign(now);
        scalars = now;
      }
    }
  }

  private Progress step(Progress before, BatchStream stream, double rate, double allowedSwaps) {
    long begun = System.nanoTime();
    List<MaskChange> changes = between.before(before.stageStep(), graph);
    if (!changes.isEmpty()) {
      sparsity = graph.sparsity();
      Moment event = moment(before, rate);
      tell(l -> l.masksChanged(event, changes));
    }
    try (Batch batch = stream.next()) {
      StepResult result = graph.step(batch, rate, allowedSwaps);
      Progress progress =
          before.afterStep(before.tally().plus(result, batch.size(), secondsSince(begun)));
      Moment moment = moment(progress, rate);
      tell(l -> l.stepDone(moment, result));
      if (progress.stepInEpoch() < training.stepsPerEpoch()) {
        stopIfAsked(moment);
      }
      return progress;
    }
  }

  private void stopIfAsked(Moment moment) {
    stop.requested()
        .ifPresent(
            exitCode -> {
              tell(l -> l.interrupted(moment));
              throw new RunInterruptedException(
                  "stopped in stage %s after step %d; the state is saved, continue with --resume"
                      .formatted(moment.stage(), moment.progress().step()),
                  exitCode);
            });
  }

  private double rate(int epoch, int step) {
    LearningRate config = stage.getLearningRate();
    return LearningRates.at(
        config, schedule, epoch, step, training.stepsPerEpoch(), stage.getEpochs());
  }

  private Moment moment(Progress progress, double rate) {
    return new Moment(
        StageKinds.nameOf(stage),
        stage.getEpochs(),
        training.stepsPerEpoch(),
        progress,
        rate,
        evaluation.split(),
        graph);
  }

  private void tell(Consumer<Listener> event) {
    listeners.forEach(event);
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
