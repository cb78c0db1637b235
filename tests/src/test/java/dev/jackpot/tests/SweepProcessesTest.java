package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.training.run.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps whose cells are processes, stopped and killed while the cells train. */
@LongRunning
class SweepProcessesTest {
  private static final int INTERRUPTED = 130;
  private static final int EPOCHS = 12;
  private static final long MOST_SECONDS = 300;

  private static final String SWEEP =
      """
      name: "stopped"
      base: "sparse-quickstart"
      set: "data.drawn.train_images=960"
      set: "data.drawn.test_images=50"
      set: "network.cifar_resnet.width=4"
      set: "stages.train.epochs=%d"
      set: "stages.train.batch_size=32"
      set: "checkpoints.every_steps=5"
      set: "runtime.threads=1"
      axes {
        name: "recipe"
        baseline: "plain"
        choices { name: "plain" }
        choices { name: "density" set: "stages.train.rescale=density" }
      }
      """
          .formatted(EPOCHS);

  @TempDir Path temp;
  private Path file;
  private Path root;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(temp.resolve("stopped.textproto"), SWEEP);
    root = temp.resolve("out");
  }

  private Process start(int jobs) throws IOException {
    return JackpotProcess.start(
        temp.resolve("printed.txt"),
        "sweep",
        file.toString(),
        "--out",
        root.toString(),
        "--jobs",
        String.valueOf(jobs));
  }

  /** Begins it and waits until both cells train. */
  private Process training() throws Exception {
    Process sweep = start(2);
    await(
        () -> !sweep.isAlive() || isTraining("plain") && isTraining("density"), "both cells train");
    assertThat(sweep.isAlive()).as(this::printed).isTrue();
    return sweep;
  }

  private Path cell(String choice) {
    return root.resolve("cells").resolve(choice).resolve("seed-1");
  }

  private boolean isTraining(String choice) {
    String[] checkpoints = cell(choice).resolve("checkpoints").toFile().list();
    return checkpoints != null && List.of(checkpoints).stream().anyMatch(c -> c.contains("train"));
  }

  private static void await(BooleanSupplier condition, String what) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private String printed() {
    try {
      return Files.readString(temp.resolve("printed.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** With one job the cells go on in the sweep's own process, and every epoch is there once. */
  private void finish(int jobs) throws Exception {
    Process sweep = start(jobs);
    assertThat(sweep.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).as(this::printed).isTrue();
    assertThat(sweep.exitValue()).as(this::printed).isZero();
    assertThat(Files.readString(root.resolve("sweep.json"))).contains("\"gain_mean\"");
    for (String choice : List.of("plain", "density")) {
      assertThat(Metrics.read(cell(choice).resolve("metrics.jsonl")).stream().map(m -> m.epoch()))
          .containsExactlyElementsOf(IntStream.rangeClosed(1, EPOCHS).boxed().toList());
    }
  }

  @Test
  void controlCSavesTheCellsAndAnotherNumberOfJobsContinuesThem() throws Exception {
    Process sweep = training();
    List<ProcessHandle> cells = sweep.descendants().toList();
    assertThat(cells).hasSize(2);
    new ProcessBuilder("kill", "-INT", String.valueOf(sweep.pid())).start().waitFor();
    assertThat(sweep.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(sweep.exitValue()).as(this::printed).isEqualTo(INTERRUPTED);
    assertThat(cells).noneMatch(ProcessHandle::isAlive);
    assertThat(Files.readString(root.resolve("sweep.json")))
        .contains("\"status\": \"stopped\"")
        .doesNotContain("failed");
    finish(1);
    assertThat(Files.readString(cell("plain").resolve("log.txt"))).contains("continuing from");
  }

  @Test
  void killingTheSweepEndsItsCells() throws Exception {
    Process sweep = training();
    List<ProcessHandle> cells = sweep.descendants().toList();
    assertThat(cells).hasSize(2);
    sweep.destroyForcibly().waitFor();
    await(() -> cells.stream().noneMatch(ProcessHandle::isAlive), "the cells have ended");
    assertThat(cell("plain").resolve("result.json")).doesNotExist();
    finish(2);
  }
}
