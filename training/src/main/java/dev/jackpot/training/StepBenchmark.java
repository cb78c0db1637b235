package dev.jackpot.training;

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
import dev.jackpot.graph.Sessions;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.RandomImages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures a training step, from the batch in Java's memory to its loss back there, on random
 * images: no data is needed, and reading it is not measured. Several modes are taken in turns, step
 * by step in one process, so that whatever else the machine does hits all of them.
 */
public final class StepBenchmark {
  private static final int BATCHES = 4;

  /** Small, so that the values stay ordinary numbers over thousands of steps on noise. */
  private static final double RATE = 0.001;

  private StepBenchmark() {}

  /** What a step does. */
  public enum Mode {
    /** Trains all weights. */
    TRAIN,
    /** Searches a mask over frozen weights. */
    SEARCH
  }

  /**
   * How long to measure.
   *
   * @param batch images per step
   * @param steps of each mode that count
   * @param warmup steps of each mode before them
   */
  public record Length(int batch, int steps, int warmup) {}

  /**
   * One mode's speed.
   *
   * @param medianStepMillis wall-clock time
   * @param imagesPerSecond batch / median
   */
  public record Measurement(Mode mode, double medianStepMillis, double imagesPerSecond) {}

  /**
   * What was measured.
   *
   * @param network for people
   * @param precision the config's
   * @param threads of one op
   * @param rssStart resident memory of the process after the warm-up, in 10⁶ bytes; NaN where the
   *     system does not say
   * @param rssEnd the same after the last step
   * @param searchOverTrain how much longer a step of search takes, if both were measured: the
   *     median over pairs of adjacent steps, so that a machine that slows down slows both
   */
  public record Report(
      String network,
      Length length,
      String precision,
      int threads,
      double rssStart,
      double rssEnd,
      List<Measurement> measurements,
      Optional<Double> searchOverTrain) {
    public Report {
      measurements = List.copyOf(measurements);
    }
  }

  /**
   * Measures.
   *
   * @param experiment its network, runtime and stages are used; a kind of stage it has none of is
   *     measured with the schema's defaults
   */
  public static Report run(Experiment experiment, List<Mode> modes, Length length) {
    Network network = Networks.REGISTRY.create(experiment.getNetwork());
    NetworkSpec spec = NetworkSpecs.of(experiment);
    NetworkSummary summary = NetworkSummary.of(network, spec);
    State start =
        new State(
            InitialValues.draw(
                summary.parameters(),
                new Seeds(experiment.getSeed()).of("init"),
                experiment.getRuntime()));
    List<Contender> contenders = new ArrayList<>();
    try (Batches batches =
            RandomImages.batches(spec, length.batch(), BATCHES, experiment.getSeed());
        BatchStream stream = batches.open(0, 0)) {
      List<Batch> images = new ArrayList<>();
      while (stream.hasNext()) {
        images.add(stream.next());
      }
      for (Mode mode : modes) {
        Stage stage = stage(experiment, mode);
        StageKind kind = StageKinds.REGISTRY.create(stage);
        StageGraph graph =
            StageGraph.open(
                network,
                spec,
                stage,
                kind,
                kind.begin(summary, start, experiment.getSeed()),
                experiment.getRuntime(),
                experiment.getSeed());
        int epochs = Math.max(1, stage.getEpochs());
        contenders.add(
            new Contender(
                mode, graph, images, kind.restriction(epochs / 2, epochs), length.steps()));
      }
      turns(contenders, length.warmup(), false);
      double before = ProcessMemory.resident();
      turns(contenders, length.steps(), true);
      return new Report(
          network.title(),
          length,
          experiment.getRuntime().getPrecision().name(),
          Sessions.threads(experiment.getRuntime()),
          before,
          ProcessMemory.resident(),
          contenders.stream().map(c -> c.measurement(length)).toList(),
          modes.equals(List.of(Mode.TRAIN, Mode.SEARCH))
              ? Optional.of(medianRatio(contenders.get(1).millis, contenders.get(0).millis))
              : Optional.empty());
    } finally {
      contenders.forEach(c -> c.graph.close());
    }
  }

  private static void turns(List<Contender> contenders, int steps, boolean counted) {
    for (int done = 0; done < steps; done++) {
      for (Contender contender : contenders) {
        contender.step(counted);
      }
    }
  }

  /** The config's first stage of the kind, or one of defaults. */
  private static Stage stage(Experiment experiment, Mode mode) {
    return experiment.getStagesList().stream()
        .filter(s -> mode == Mode.TRAIN ? s.hasTrain() : s.hasSearch())
        .findFirst()
        .orElseGet(
            () ->
                mode == Mode.TRAIN
                    ? Stage.newBuilder().setTrain(Train.getDefaultInstance()).build()
                    : Stage.newBuilder().setSearch(Search.getDefaultInstance()).build());
  }

  /** One mode's graph and its times. */
  private static final class Contender {
    private final Mode mode;
    private final StageGraph graph;
    private final List<Batch> images;
    private final double allowedSwaps;
    private final double[] millis;
    private int measured;
    private int step;

    Contender(Mode mode, StageGraph graph, List<Batch> images, double allowedSwaps, int steps) {
      this.mode = mode;
      this.graph = graph;
      this.images = images;
      this.allowedSwaps = allowedSwaps;
      this.millis = new double[steps];
    }

    void step(boolean counted) {
      Batch batch = images.get(step++ % images.size());
      long begun = System.nanoTime();
      graph.step(batch, RATE, allowedSwaps);
      if (counted) {
        millis[measured++] = (System.nanoTime() - begun) / 1e6;
      }
    }

    Measurement measurement(Length length) {
      double median = median(millis);
      return new Measurement(mode, median, length.batch() * 1000 / median);
    }
  }

  /** The median of a[i] / b[i]. */
  static double medianRatio(double[] a, double[] b) {
    double[] ratios = new double[a.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = a[i] / b[i];
    }
    return median(ratios);
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
