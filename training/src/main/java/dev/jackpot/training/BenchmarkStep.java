package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.Train;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.training.StepBenchmark.Mode;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.RandomImages;
import java.util.ArrayList;
import java.util.List;

/** A step of one mode on random images in memory, to be timed again and again. */
final class BenchmarkStep implements AutoCloseable {
  /** Batches that are used in turns. */
  private static final int BATCHES = 4;

  /** Small, so that the values stay ordinary numbers over thousands of steps on noise. */
  private static final double RATE = 0.001;

  private final Mode mode;
  private final StageGraph graph;
  private final List<Batch> images;
  private final double allowedSwaps;
  private int step;

  private BenchmarkStep(Mode mode, StageGraph graph, List<Batch> images, double allowedSwaps) {
    this.mode = mode;
    this.graph = graph;
    this.images = images;
    this.allowedSwaps = allowedSwaps;
  }

  /**
   * Lays the network and gives it initial values. The caller closes it.
   *
   * @param images see {@link #images}
   */
  static BenchmarkStep open(
      Experiment experiment, NetworkSpec spec, Mode mode, List<Batch> images) {
    Network network = Networks.REGISTRY.create(experiment.getNetwork());
    NetworkSummary summary = NetworkSummary.of(network, spec);
    State start =
        new State(
            InitialValues.draw(
                summary.parameters(),
                new Seeds(experiment.getSeed()).of("init"),
                experiment.getRuntime()));
    Stage stage = stage(experiment, mode);
    StageKind kind = StageKinds.REGISTRY.create(stage);
    StageGraph graph =
        StageGraph.open(
            network,
            spec,
            stage,
            kind,
            kind.begin(StageContext.of(summary, experiment.getSeed()), start),
            experiment.getRuntime(),
            experiment.getSeed());
    int epochs = Math.max(1, stage.getEpochs());
    return new BenchmarkStep(mode, graph, images, kind.restriction(epochs / 2, epochs));
  }

  /** A few batches of noise. They are never closed, so their arrays stay as they are. */
  static List<Batch> images(NetworkSpec spec, int batch, long seed) {
    List<Batch> images = new ArrayList<>();
    try (Batches batches = RandomImages.batches(spec, batch, BATCHES, seed);
        BatchStream stream = batches.open(0, 0)) {
      while (stream.hasNext()) {
        images.add(stream.next());
      }
    }
    return images;
  }

  /** The config's first stage of the kind, or one of defaults. */
  static Stage stage(Experiment experiment, Mode mode) {
    return ExperimentStages.firstRounds(experiment).stream()
        .filter(s -> mode == Mode.TRAIN ? s.hasTrain() : s.hasSearch())
        .findFirst()
        .orElseGet(
            () ->
                mode == Mode.TRAIN
                    ? Stage.newBuilder().setTrain(Train.getDefaultInstance()).build()
                    : Stage.newBuilder().setSearch(Search.getDefaultInstance()).build());
  }

  Mode mode() {
    return mode;
  }

  /** Takes one and tells its wall-clock time in milliseconds. */
  double millis() {
    Batch batch = images.get(step++ % images.size());
    long begun = System.nanoTime();
    graph.step(batch, RATE, allowedSwaps);
    return (System.nanoTime() - begun) / 1e6;
  }

  @Override
  public void close() {
    graph.close();
  }
}
