package dev.jackpot.training;

import com.sun.management.OperatingSystemMXBean;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Data;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.training.data.BareDecoding;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.DataSets;
import dev.jackpot.training.data.ImageShape;
import dev.jackpot.training.data.Preparation;
import dev.jackpot.training.data.SelectedImages;
import dev.jackpot.training.data.Split;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Measures how fast training batches are made, nothing being done with them. Beside it, in turns of
 * a few seconds so that whatever else the machine does hits all of them: for images that have to be
 * decoded, {@linkplain BareDecoding the same files through a bare TensorFlow graph}; if asked,
 * training steps of the config's network on images in memory.
 */
public final class DataBenchmark {
  /**
   * A small set is gone through several times in an epoch, so that epochs do not end all the time.
   */
  private static final int LEAST_EPOCH = 1_000_000;

  private static final long WARMUP_IMAGES = 3000;

  private static final int WARMUP_TURNS = 10;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private DataBenchmark() {}

  /**
   * How long to measure.
   *
   * @param seconds of each turn
   * @param rounds of turns that count, after a warm-up
   */
  public record Length(double seconds, int rounds) {}

  /**
   * One contender's rate, medians over the rounds.
   *
   * @param imagesPerSecond by the clock
   * @param cpuMillis of all threads of the process, per image: what others on the machine hardly
   *     change
   */
  public record Rate(double imagesPerSecond, double cpuMillis) {}

  /**
   * A rate beside the input path's.
   *
   * @param ratio median over the rounds of input path / this, in images per second
   */
  public record Beside(Rate rate, double ratio) {}

  /**
   * What was measured.
   *
   * @param data in words
   * @param image shape of the images that come out
   * @param batch images per batch
   * @param threads that prepare them
   * @param input the input path's rate
   * @param bareDecoding for encoded sets
   * @param training if asked
   */
  public record Report(
      String data,
      ImageShape image,
      int batch,
      int threads,
      Length length,
      Rate input,
      Optional<Beside> bareDecoding,
      Optional<Beside> training) {}

  /** Something whose rate is measured. */
  private interface Contender extends AutoCloseable {
    /** Works for about so long. */
    Turn turn(double seconds);

    @Override
    void close();
  }

  /** What a turn came to. */
  private record Turn(long images, double seconds, double cpuSeconds) {
    double rate() {
      return images / seconds;
    }

    double cpuMillis() {
      return 1000 * cpuSeconds / images;
    }
  }

  /** Both clocks, of the wall and of the process. */
  private static final class Stopwatch {
    private final long wall = System.nanoTime();
    private final long cpu = SYSTEM.getProcessCpuTime();

    double seconds() {
      return (System.nanoTime() - wall) / 1e9;
    }

    Turn stop(long images) {
      return new Turn(images, seconds(), (SYSTEM.getProcessCpuTime() - cpu) / 1e9);
    }
  }

  /**
   * Measures.
   *
   * @param experiment its data, the first stage's batch size, its network and runtime are used
   * @param withTraining measure training steps too
   */
  public static Report run(Experiment experiment, boolean withTraining, Length length) {
    DataSet data = DataSets.open(experiment.getData());
    Stage stage =
        experiment.getStagesCount() > 0
            ? experiment.getStages(0)
            : BenchmarkStep.stage(experiment, StepBenchmark.Mode.TRAIN);
    InputPath input = new InputPath(data, experiment.getData(), stage, experiment.getSeed());
    boolean encoded = data.train().encoded();
    List<Contender> contenders = new ArrayList<>();
    try {
      contenders.add(input);
      if (encoded) {
        contenders.add(bare(data.train(), input.batches.threads()));
      }
      if (withTraining) {
        contenders.add(training(experiment, stage.getBatchSize()));
      }
      List<List<Turn>> turns = turns(contenders, length);
      return new Report(
          data.description(),
          data.shape(),
          stage.getBatchSize(),
          input.batches.threads(),
          length,
          rate(turns.get(0)),
          encoded ? Optional.of(beside(turns.get(0), turns.get(1))) : Optional.empty(),
          withTraining
              ? Optional.of(beside(turns.get(0), turns.get(turns.size() - 1)))
              : Optional.empty());
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private static Beside beside(List<Turn> input, List<Turn> other) {
    return new Beside(
        rate(other),
        StepBenchmark.medianRatio(values(input, Turn::rate), values(other, Turn::rate)));
  }

  private static Rate rate(List<Turn> turns) {
    return new Rate(
        StepBenchmark.median(values(turns, Turn::rate)),
        StepBenchmark.median(values(turns, Turn::cpuMillis)));
  }

  private static double[] values(List<Turn> turns, ToDoubleFunction<Turn> value) {
    return turns.stream().mapToDouble(value).toArray();
  }

  /** Until the JVM has compiled what runs often, even if others take most of the machine. */
  private static void warmUp(Contender contender, double seconds) {
    long images = 0;
    for (int turn = 0; turn < WARMUP_TURNS && images < WARMUP_IMAGES; turn++) {
      images += contender.turn(seconds).images();
    }
  }

  /** The turns of each contender. */
  private static List<List<Turn>> turns(List<Contender> contenders, Length length) {
    List<List<Turn>> turns = new ArrayList<>();
    for (Contender contender : contenders) {
      warmUp(contender, length.seconds());
      turns.add(new ArrayList<>());
    }
    for (int round = 0; round < length.rounds(); round++) {
      for (int c = 0; c < contenders.size(); c++) {
        turns.get(c).add(contenders.get(c).turn(length.seconds()));
      }
    }
    return turns;
  }

  /** Batches as a run makes them. */
  private static final class InputPath implements Contender {
    private final Batches batches;
    private int epoch;

    InputPath(DataSet data, Data config, Stage stage, long seed) {
      Split split = data.train();
      if (stage.getBatchSize() > split.size()) {
        throw new ConfigException(
            "batch_size: found %d; expected at most the %d training images there are"
                .formatted(stage.getBatchSize(), split.size()));
      }
      int size = split.size();
      int repeats = (LEAST_EPOCH - 1) / size + 1;
      Seeds seeds = new Seeds(seed);
      batches =
          Batches.training(
              new SelectedImages(
                  split, IntStream.range(0, size * repeats).map(i -> i % size).toArray()),
              Preparation.training(data, config),
              seeds.of("order/benchmark"),
              seeds.of("augmentation/benchmark"),
              stage.getBatchSize(),
              config.getPrefetch());
    }

    /** Timed from batch to batch: as much is under preparation at the end as at the start. */
    @Override
    public Turn turn(double seconds) {
      try (BatchStream stream = batches.open(epoch++, 0)) {
        stream.next().close();
        long images = 0;
        Stopwatch watch = new Stopwatch();
        do {
          try (Batch batch = stream.next()) {
            images += batch.size();
          }
        } while (watch.seconds() < seconds && stream.hasNext());
        return watch.stop(images);
      }
    }

    @Override
    public void close() {
      batches.close();
    }
  }

  private static Contender bare(Split split, int threads) {
    BareDecoding decoding = new BareDecoding(split, threads);
    return new Contender() {
      @Override
      public Turn turn(double seconds) {
        Stopwatch watch = new Stopwatch();
        return watch.stop(decoding.decode(seconds));
      }

      @Override
      public void close() {
        decoding.close();
      }
    };
  }

  private static Contender training(Experiment experiment, int batch) {
    NetworkSpec spec = NetworkSpecs.of(experiment);
    BenchmarkStep step =
        BenchmarkStep.open(
            experiment,
            spec,
            StepBenchmark.Mode.TRAIN,
            BenchmarkStep.images(spec, batch, experiment.getSeed()));
    return new Contender() {
      @Override
      public Turn turn(double seconds) {
        Stopwatch watch = new Stopwatch();
        long images = 0;
        do {
          step.millis();
          images += batch;
        } while (watch.seconds() < seconds);
        return watch.stop(images);
      }

      @Override
      public void close() {
        step.close();
      }
    };
  }
}
