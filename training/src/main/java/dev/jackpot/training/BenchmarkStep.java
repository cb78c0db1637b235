package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.HandOver;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.Train;
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
  private final StageGraphs graphs;
  private final List<Batch> images;
  private final double allowedSwaps;
  private int step;
  private double handOverSeconds = Double.NaN;

  private BenchmarkStep(Mode mode, StageGraphs graphs, List<Batch> images, double allowedSwaps) {
    this.mode = mode;
    this.graphs = graphs;
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
    Stage stage = BenchmarkState.drawn(stage(experiment, mode));
    State start = BenchmarkState.before(experiment, summary, stage);
    StageKind kind = StageKinds.REGISTRY.create(stage);
    State first = kind.begin(StageContext.of(summary, experiment.getSeed()), start);
    StageGraphs graphs =
        new StageGraphs(
            stage,
            mode == Mode.PLAIN ? HandOver.epoch(stage) : 0,
            first,
            (now, state) ->
                StageGraph.open(
                    network,
                    spec,
                    now,
                    kind,
                    state,
                    experiment.getRuntime(),
                    experiment.getSeed()));
    int epochs = Math.max(1, stage.getEpochs());
    BenchmarkStep opened =
        new BenchmarkStep(mode, graphs, images, kind.restriction(epochs / 2, epochs));
    if (mode == Mode.HANDED_OVER) {
      opened.millis();
      long begun = System.nanoTime();
      graphs.at(HandOver.epoch(stage));
      opened.millis();
      opened.handOverSeconds = (System.nanoTime() - begun) / 1e9;
    }
    return opened;
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

  /**
   * The config's first stage of the kind, or one of defaults; of ghosts, if no stage has some, its
   * first that trains weights with Swish and skips.
   */
  static Stage stage(Experiment experiment, Mode mode) {
    List<Stage> stages = ExperimentStages.firstRounds(experiment);
    return stages.stream()
        .filter(s -> fits(s, mode))
        .findFirst()
        .or(
            () ->
                stages.stream()
                    .filter(s -> trains(s, mode))
                    .findFirst()
                    .map(BenchmarkStep::ghostly))
        .orElseGet(() -> ofDefaults(mode));
  }

  private static boolean trains(Stage stage, Mode mode) {
    return mode != Mode.TRAIN
        && mode != Mode.SEARCH
        && (stage.hasTrain() || stage.hasSparseTrain());
  }

  private static Stage ghostly(Stage stage) {
    Stage.Builder ghostly = stage.toBuilder().setEpochs(Math.max(2, stage.getEpochs()));
    ghostly.getGhostsBuilder().getSoftNeuronsBuilder();
    ghostly.getGhostsBuilder().getSkipsBuilder();
    return ghostly.build();
  }

  private static boolean fits(Stage stage, Mode mode) {
    return switch (mode) {
      case TRAIN -> stage.hasTrain();
      case SEARCH -> stage.hasSearch();
      case PLAIN, GHOSTS, HANDED_OVER -> stage.hasGhosts();
    };
  }

  private static Stage ofDefaults(Mode mode) {
    Stage.Builder stage = Stage.newBuilder();
    switch (mode) {
      case TRAIN -> stage.setTrain(Train.getDefaultInstance());
      case SEARCH -> stage.setSearch(Search.getDefaultInstance());
      case PLAIN, GHOSTS, HANDED_OVER -> {
        return ghostly(stage.setTrain(Train.getDefaultInstance()).build());
      }
    }
    return stage.build();
  }

  Mode mode() {
    return mode;
  }

  /**
   * From the end of the last step with ghosts to the end of the first one without; NaN of other
   * modes.
   */
  double handOverSeconds() {
    return handOverSeconds;
  }

  /** Pruned / all over the kernels that have masks, in [0, 1]; 0 if none has. */
  double sparsity() {
    return graphs.current().sparsity();
  }

  /** Takes one and tells its wall-clock time in milliseconds. */
  double millis() {
    Batch batch = images.get(step++ % images.size());
    long begun = System.nanoTime();
    graphs.current().step(batch, RATE, allowedSwaps);
    return (System.nanoTime() - begun) / 1e6;
  }

  @Override
  public void close() {
    graphs.close();
  }
}
