package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.training.TrainedNetwork;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.Metrics;
import dev.jackpot.training.run.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real processes killed at random moments and resumed end where an unbroken run ends, to the bit
 * (one thread).
 */
class KillAndResumeTest {
  // 128 + SIGKILL
  private static final int KILLED = 137;
  private static final String COMMON =
      """
      name: "killed"
      seed: 5
      runtime { threads: 1 device: CPU }
      data { drawn { train_images: 640 test_images: 200 } augmentation {} evaluation_batch_size: 100 }
      network { cifar_resnet { depth: 8 width: 4 } }
      checkpoints { keep_last: 2 every_steps: 3 }
      export { verify_images: 16 }
      """;

  /** What is killed. */
  enum Stages {
    SEARCH(
        """
        stages { train {} epochs: 3 batch_size: 32 learning_rate { initial: 0.05 cosine {} per: STEP } }
        stages {
          search { sparsity: 0.8 start_batches: 3 } epochs: 3 batch_size: 32 learning_rate { initial: 0.1 }
        }
        """),
    /** Rounds of pruning and rewinding, then a stage under each schedule. */
    TICKETS(
        """
        stages {
          name: "tickets"
          repeat {
            rounds: 2
            stages { name: "train" sparse_train {} epochs: 1 batch_size: 32 learning_rate { initial: 0.05 } }
            stages { prune { fraction: 0.3 } }
            stages { rewind { to: "train/round-1@step 7" } }
          }
        }
        """
            + scheduled("one_shot", "sparsity: 0.6", "{} begin: 10")
            + scheduled("linear", "sparsity: 0.65", "{} begin: 2 end: 15 interval: 3")
            + scheduled("cubic", "sparsity: 0.7", "{} end: 17 interval: 2")
            + scheduled("geometric", "sparsity: 0.75", "{} end: 11 interval: 4")
            + scheduled("iterative", "sparsity: 0.8", "{ fraction: 0.1 } end: 16"));

    private final String config;

    Stages(String stages) {
      config = COMMON + stages;
    }

    private static String scheduled(String shape, String to, String rest) {
      return """
          stages {
            name: "%s" sparse_train { schedule { to { %s } %s %s per: STEP } }
            epochs: 1 batch_size: 32 learning_rate { initial: 0.05 }
          }
          """
          .formatted(shape, to, shape, rest);
    }
  }

  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource
  void threeKills(Stages stages) throws Exception {
    killAndResume(stages, 3, 17);
  }

  @ParameterizedTest
  @EnumSource
  @LongRunning
  void twentyKills(Stages stages) throws Exception {
    killAndResume(stages, 20, 4711);
  }

  /**
   * Kills until {@code kills} of them met a living process that had not finished its run; whatever
   * completes on the way is compared too, and the next kills fall on a fresh run. How fast the
   * machine is may change meanwhile: kills come sooner after a run that completed, and later after
   * one that did not.
   */
  private void killAndResume(Stages stages, int kills, long seed) throws Exception {
    Path config = Files.writeString(temp.resolve("killed.textproto"), stages.config);
    Path unbroken = temp.resolve("run-0");
    Clock clock = Clock.of(start(config, unbroken), unbroken);
    Random random = new Random(seed);
    int landed = 0;
    int completed = 0;
    Path run = temp.resolve("run-1");
    long left = clock.work();
    double pace = 1;
    for (int tries = 0; landed < kills; tries++) {
      assertThat(tries).as("processes started for %d kills", landed).isLessThan(20 + 5 * kills);
      Process process = start(config, run);
      long moment = clock.moment(random, left);
      if (process.waitFor((long) (moment * pace), TimeUnit.MILLISECONDS)) {
        assertThat(process.exitValue()).as(this::output).isZero();
        compare(unbroken, run);
        completed++;
        run = temp.resolve("run-" + (completed + 1));
        left = clock.work();
        pace *= 0.7;
      } else if (process.destroyForcibly().waitFor() == KILLED && unfinished(run)) {
        landed++;
        left -= Math.max(0, moment - clock.startUp());
        pace *= 1.1;
      }
    }
    assertThat(landed).as("kills that met a run that had not finished").isEqualTo(kills);
    assertThat(start(config, run).waitFor()).as(this::output).isZero();
    compare(unbroken, run);
    System.out.printf(
        "%d kills landed, %d runs completed between them; unbroken: %d ms to the first checkpoint,"
            + " %d ms after it%n",
        landed, completed, clock.startUp(), clock.work());
  }

  /** What a kill left has no result: the process was killed before it wrote one. */
  private static boolean unfinished(Path run) {
    return Files.notExists(run.resolve("result.json"));
  }

  /**
   * How long an unbroken run takes, in milliseconds.
   *
   * @param startUp until its first checkpoint
   * @param work from there to its end
   */
  private record Clock(long startUp, long work) {
    static Clock of(Process process, Path run) throws Exception {
      long begun = System.nanoTime();
      long first = 0;
      while (!process.waitFor(10, TimeUnit.MILLISECONDS)) {
        String[] checkpoints = run.resolve("checkpoints").toFile().list();
        if (first == 0 && checkpoints != null && checkpoints.length > 0) {
          first = System.nanoTime();
        }
      }
      assertThat(process.exitValue()).isZero();
      long end = System.nanoTime();
      return new Clock(
          TimeUnit.NANOSECONDS.toMillis(first - begun), TimeUnit.NANOSECONDS.toMillis(end - first));
    }

    /**
     * When to kill. One in four falls while the process starts up or reads what is saved; the
     * others where it works, so that the run gets on between kills.
     *
     * @param left of the work, as far as the kills before tell
     */
    long moment(Random random, long left) {
      if (random.nextInt(4) == 0) {
        return random.nextLong(startUp);
      }
      return startUp + random.nextLong(Math.max(left, work / 4));
    }
  }

  private static void compare(Path expected, Path found) {
    assertThat(metrics(found)).isEqualTo(metrics(expected));
    Map<String, HostTensor> values = TrainedNetwork.load(found).state().values();
    assertThat(values).isEqualTo(TrainedNetwork.load(expected).state().values());
    Result a = Result.read(expected.resolve("result.json"));
    Result b = Result.read(found.resolve("result.json"));
    assertThat(b.accuracy()).isEqualTo(a.accuracy());
    assertThat(b.denseAccuracy()).isEqualTo(a.denseAccuracy());
    // boxed: without a search it is NaN, which equals itself then
    assertThat(b.startAccuracy()).isEqualTo(Double.valueOf(a.startAccuracy()));
    assertThat(b.kernels()).isEqualTo(a.kernels());
    String[] masks = expected.resolve("masks").toFile().list();
    assertThat(found.resolve("masks").toFile().list()).containsExactlyInAnyOrder(masks);
    for (String mask : masks) {
      assertThat(found.resolve("masks").resolve(mask))
          .hasSameBinaryContentAs(expected.resolve("masks").resolve(mask));
    }
    assertThat(found.resolve("saved_model/1/variables/variables.index"))
        .hasSameBinaryContentAs(expected.resolve("saved_model/1/variables/variables.index"));
    assertThat(found.toFile().list())
        .as("files of the run")
        .noneMatch(name -> name.startsWith(".unfinished"));
  }

  /** Every line without what depends on the clock. */
  private static List<EpochMetrics> metrics(Path run) {
    return Metrics.read(run.resolve("metrics.jsonl")).stream()
        .map(
            m ->
                new EpochMetrics(
                    m.stage(),
                    m.epoch(),
                    m.step(),
                    m.loss(),
                    m.trainAccuracy(),
                    m.accuracy(),
                    m.learningRate(),
                    m.sparsity(),
                    m.swaps(),
                    0,
                    0))
        .toList();
  }

  private Process start(Path config, Path run) throws IOException {
    return JackpotProcess.start(
        temp.resolve("output.txt"), "run", config.toString(), "--out", run.toString(), "--resume");
  }

  private String output() {
    try {
      return Files.readString(temp.resolve("output.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
