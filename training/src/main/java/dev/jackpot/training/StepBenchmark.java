package dev.jackpot.training;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Sessions;
import dev.jackpot.training.data.Batch;
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
  private StepBenchmark() {}

  /** What a step does. */
  public enum Mode {
    /** Trains all weights. */
    TRAIN,
    /** Searches a mask over frozen weights. */
    SEARCH,
    /** Trains like {@link #GHOSTS}, but without ghosts from the start. */
    PLAIN,
    /** Trains with ghosts. */
    GHOSTS,
    /** Trains what {@link #GHOSTS} leaves at its hand-over. */
    HANDED_OVER
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
   * @param ghostsOverPlain the same of a step with ghosts over one without
   * @param handedOverOverPlain the same of a step after the hand-over
   * @param handOverSeconds from the end of the last step with ghosts to the end of the first one
   *     without, if measured
   * @param sparsity pruned / all of the first mode's kernels that have masks, in [0, 1]
   */
  public record Report(
      String network,
      Length length,
      String precision,
      int threads,
      double rssStart,
      double rssEnd,
      List<Measurement> measurements,
      Optional<Double> searchOverTrain,
      Optional<Double> ghostsOverPlain,
      Optional<Double> handedOverOverPlain,
      Optional<Double> handOverSeconds,
      double sparsity) {
    public Report {
      measurements = List.copyOf(measurements);
    }
  }

  /**
   * Measures.
   *
   * @param experiment its network, runtime and stages are used, masks drawn at their sparsities; a
   *     kind of stage it has none of is measured with the schema's defaults
   */
  public static Report run(Experiment experiment, List<Mode> modes, Length length) {
    NetworkSpec spec = NetworkSpecs.of(experiment);
    List<Batch> images = BenchmarkStep.images(spec, length.batch(), experiment.getSeed());
    List<BenchmarkStep> contenders = new ArrayList<>();
    try {
      for (Mode mode : modes) {
        contenders.add(BenchmarkStep.open(experiment, spec, mode, images));
      }
      turns(contenders, length.warmup());
      double before = ProcessMemory.resident();
      double[][] millis = turns(contenders, length.steps());
      List<Measurement> measurements = new ArrayList<>();
      for (int c = 0; c < millis.length; c++) {
        double median = median(millis[c]);
        measurements.add(
            new Measurement(contenders.get(c).mode(), median, length.batch() * 1000 / median));
      }
      return new Report(
          Networks.REGISTRY.create(experiment.getNetwork()).title(),
          length,
          experiment.getRuntime().getPrecision().name(),
          Sessions.threads(experiment.getRuntime()),
          before,
          ProcessMemory.resident(),
          measurements,
          ratio(modes, millis, Mode.SEARCH, Mode.TRAIN),
          ratio(modes, millis, Mode.GHOSTS, Mode.PLAIN),
          ratio(modes, millis, Mode.HANDED_OVER, Mode.PLAIN),
          contenders.stream()
              .map(BenchmarkStep::handOverSeconds)
              .filter(Double::isFinite)
              .findFirst(),
          contenders.get(0).sparsity());
    } finally {
      contenders.forEach(BenchmarkStep::close);
    }
  }

  /** How much longer a step of one takes than of another, if both were measured. */
  private static Optional<Double> ratio(List<Mode> modes, double[][] millis, Mode of, Mode over) {
    return modes.containsAll(List.of(of, over))
        ? Optional.of(medianRatio(millis[modes.indexOf(of)], millis[modes.indexOf(over)]))
        : Optional.empty();
  }

  /** Milliseconds of each step, [contender, step]. */
  private static double[][] turns(List<BenchmarkStep> contenders, int steps) {
    double[][] millis = new double[contenders.size()][steps];
    for (int step = 0; step < steps; step++) {
      for (int c = 0; c < contenders.size(); c++) {
        millis[c][step] = contenders.get(c).millis();
      }
    }
    return millis;
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
