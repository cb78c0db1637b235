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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes killed at random moments and resumed end where an unbroken run ends, to the bit
 * (one thread).
 */
class KillAndResumeTest {
  private static final String CONFIG =
      """
      name: "killed"
      seed: 5
      runtime { threads: 1 device: CPU }
      data { drawn { train_images: 640 test_images: 200 } augmentation {} evaluation_batch_size: 100 }
      network { cifar_resnet { depth: 8 width: 4 } }
      stages { train {} epochs: 3 batch_size: 32 learning_rate { initial: 0.05 cosine {} per: STEP } }
      stages {
        search { sparsity: 0.8 start_batches: 3 } epochs: 3 batch_size: 32 learning_rate { initial: 0.1 }
      }
      checkpoints { keep_last: 2 every_steps: 3 }
      export { verify_images: 16 }
      """;

  @TempDir Path temp;

  @Test
  void threeKills() throws Exception {
    killAndResume(3, 17);
  }

  @Test
  @LongRunning
  void twentyKills() throws Exception {
    killAndResume(20, 4711);
  }

  private void killAndResume(int kills, long seed) throws Exception {
    Path config = Files.writeString(temp.resolve("killed.textproto"), CONFIG);
    Path unbroken = temp.resolve("unbroken");
    long begun = System.nanoTime();
    assertThat(start(config, unbroken).waitFor()).isZero();
    long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);

    Path killed = temp.resolve("killed");
    Random random = new Random(seed);
    int landed = 0;
    for (int i = 0; i < kills; i++) {
      Process process = start(config, killed);
      // later tries have less left to do: the moments spread over start-up, training, export
      if (!process.waitFor(random.nextLong(whole), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        landed++;
      }
    }
    assertThat(landed).as("kills that met a living run").isPositive();
    assertThat(start(config, killed).waitFor()).isZero();
    compare(unbroken, killed);
  }

  private static void compare(Path expected, Path found) {
    assertThat(metrics(found)).isEqualTo(metrics(expected));
    Map<String, HostTensor> values = TrainedNetwork.load(found).state().values();
    assertThat(values).isEqualTo(TrainedNetwork.load(expected).state().values());
    Result a = Result.read(expected.resolve("result.json"));
    Result b = Result.read(found.resolve("result.json"));
    assertThat(b.accuracy()).isEqualTo(a.accuracy());
    assertThat(b.denseAccuracy()).isEqualTo(a.denseAccuracy());
    assertThat(b.startAccuracy()).isEqualTo(a.startAccuracy());
    assertThat(b.kernels()).isEqualTo(a.kernels());
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
}
