package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.RandomImages;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Tries an experiment out without its data and weights: each stage's graph (of a repeat: in its
 * first round) is built and takes one step on random images of the data's shape, so that a config
 * that cannot run, or needs more memory than there is, fails in seconds.
 */
public final class DryRun {
  /** Small, so that one step on noise leaves ordinary numbers. */
  private static final double RATE = 0.001;

  private DryRun() {}

  /**
   * One stage's step.
   *
   * @param batch images in it
   * @param loss of random values on random images, in nats
   * @param seconds of the step, the first of its graph: later ones are quicker
   */
  public record Step(String stage, int batch, double loss, double seconds) {}

  /**
   * What was tried.
   *
   * @param network that was built
   * @param spec of its images and classes
   * @param steps one per stage
   * @param peakMegabytes the most memory the process took; NaN where the system does not say
   */
  public record Report(
      NetworkSummary network, NetworkSpec spec, List<Step> steps, double peakMegabytes) {
    public Report {
      steps = List.copyOf(steps);
    }
  }

  /**
   * Tries it.
   *
   * @param experiment paths of data and weights may be missing
   * @param mostImages in a step, if the stage's batches are larger
   * @throws JackpotException if a stage's loss is not a finite number
   */
  public static Report run(Experiment experiment, int mostImages) {
    Network network = Networks.REGISTRY.create(experiment.getNetwork());
    NetworkSpec spec = NetworkSpecs.of(experiment);
    NetworkSummary summary = NetworkSummary.of(network, spec);
    long seed = new Seeds(experiment.getSeed()).of("init");
    State state =
        new State(InitialValues.draw(summary.parameters(), seed, experiment.getRuntime()));
    List<Step> steps = new ArrayList<>();
    State start = state;
    Function<NetworkGradients.Sample, Batches> random =
        sample -> RandomImages.batches(spec, sample.batchSize(), sample.batches(), seed);
    for (Stage stage : ExperimentStages.firstRounds(experiment)) {
      StageKind kind = StageKinds.REGISTRY.create(stage);
      StageContext context =
          new StageContext(
              summary,
              seed,
              point -> start,
              at ->
                  SampledGradients.of(network, spec, at, experiment.getRuntime(), random)
                      // any numbers will do: there are neither files nor finished stages
                      .with(source -> start.values()),
              (kernels, masked, sample) -> {
                throw new IllegalStateException("nothing happens between the steps of one");
              });
      State first = kind.begin(context, state.carried(summary.parameters()));
      if (!ExperimentStages.hasEpochs(stage)) {
        state = first;
        continue;
      }
      int images = Math.min(stage.getBatchSize(), mostImages);
      if (stage.hasRescale()) {
        Rescaling.Input input =
            new Rescaling.Input(
                stage.getName(),
                network,
                spec,
                summary.parameters(),
                first,
                experiment.getRuntime(),
                random,
                images,
                seed,
                new StopSignal());
        first =
            Rescalings.apply(
                first, summary.parameters(), Rescalings.trial(stage.getRescale()).factors(input));
      }
      try (StageGraph graph =
              StageGraph.open(network, spec, stage, kind, first, experiment.getRuntime(), seed);
          Batches batches = RandomImages.batches(spec, images, 1, seed);
          BatchStream stream = batches.open(0, 0);
          Batch batch = stream.next()) {
        steps.add(step(stage.getName(), graph, batch, kind.restriction(0, 1)));
        state = graph.state();
      }
    }
    return new Report(summary, spec, steps, ProcessMemory.peak());
  }

  private static Step step(String stage, StageGraph graph, Batch batch, double allowedSwaps) {
    long begun = System.nanoTime();
    double loss = graph.step(batch, RATE, allowedSwaps).loss();
    double seconds = (System.nanoTime() - begun) / 1e9;
    if (!Double.isFinite(loss)) {
      throw new JackpotException(
          "stage %s: the loss of one step on random images is %s".formatted(stage, loss));
    }
    return new Step(stage, batch.size(), loss, seconds);
  }
}
