package dev.jackpot.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Search;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.config.proto.Train;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
  private static final Experiment EXPERIMENT =
      Experiment.newBuilder()
          .setName("größe")
          .addStages(
              Stage.newBuilder().setName("train").setEpochs(3).setTrain(Train.getDefaultInstance()))
          .addStages(
              Stage.newBuilder().setSearch(Search.newBuilder().setSparsity(0.9)).setEpochs(2))
          .build();

  @TempDir Path temp;

  private Path root() {
    return temp.resolve("runs/one");
  }

  @Test
  void writesTheConfigFirst() throws IOException {
    try (RunDirectory run = RunDirectory.create(root(), EXPERIMENT)) {
      assertThat(run.isResumed()).isFalse();
      assertThat(Files.readString(run.config())).contains("name: \"größe\"");
      assertThat(run.readConfig()).isEqualTo(EXPERIMENT);
      assertThat(RunDirectory.open(root()).readConfig()).isEqualTo(EXPERIMENT);
    }
  }

  @Test
  void refusesADirectoryThatHoldsARunAndLeavesItAlone() throws IOException {
    RunDirectory.create(root(), EXPERIMENT).close();
    Files.writeString(root().resolve("metrics.jsonl"), "precious");
    assertThatThrownBy(() -> RunDirectory.create(root(), EXPERIMENT))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            root()
                + " already holds a run (config.textproto, metrics.jsonl); continue it with"
                + " --resume, or choose another directory with --out");
    assertThat(root().resolve("metrics.jsonl")).hasContent("precious");
    // The refusal gave the lock back.
    RunDirectory.resume(root(), EXPERIMENT).close();
  }

  @Test
  void refusesADirectoryOfForeignFilesForBoth() throws IOException {
    Files.createDirectories(root());
    for (int i = 0; i < 7; i++) {
      Files.writeString(root().resolve("photo" + i), "x");
    }
    for (var opener :
        List.<Runnable>of(
            () -> RunDirectory.create(root(), EXPERIMENT),
            () -> RunDirectory.resume(root(), EXPERIMENT))) {
      assertThatThrownBy(opener::run)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(
              "not empty and not a run (it holds photo0, photo1, photo2, photo3, photo4 and 2"
                  + " more)");
    }
  }

  @Test
  void refusesAFileInItsPlace() throws IOException {
    Files.createDirectories(root().getParent());
    Files.writeString(root(), "x");
    assertThatThrownBy(() -> RunDirectory.create(root(), EXPERIMENT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is a file; expected a directory");
  }

  @Test
  void resumeBeginsWhatWasKilledBeforeItsConfigWasThere() throws IOException {
    Files.createDirectories(root());
    Files.writeString(root().resolve(".lock"), "1\n");
    Files.writeString(root().resolve("log.txt"), "started\n");
    Files.writeString(root().resolve(AtomicFiles.PREFIX + "1-1-config.textproto"), "na");
    try (RunDirectory run = RunDirectory.resume(root(), EXPERIMENT)) {
      assertThat(run.isResumed()).isFalse();
      assertThat(run.readConfig()).isEqualTo(EXPERIMENT);
      assertThat(root().resolve("log.txt")).hasContent("started");
    }
  }

  @Test
  void resumeSweepsWhatAKillLeftUnfinished() throws IOException {
    RunDirectory run = RunDirectory.create(root(), EXPERIMENT);
    Path half = run.checkpoints().resolve(AtomicFiles.PREFIX + "9-1-step");
    Path whole = run.checkpoints().resolve("step");
    Path factors = run.rescaling("sparse").resolveSibling(AtomicFiles.PREFIX + "9-2-sparse.json");
    Files.createDirectories(half);
    Files.createDirectories(whole);
    Files.createDirectories(factors.getParent());
    Files.writeString(factors, "{");
    run.close();
    try (RunDirectory again = RunDirectory.resume(root(), EXPERIMENT)) {
      assertThat(again.isResumed()).isTrue();
      assertThat(half).doesNotExist();
      assertThat(factors).doesNotExist();
      assertThat(whole).exists();
    }
  }

  @Test
  void resumeListsEveryDifferenceOfTheConfigsByPath() {
    RunDirectory.create(root(), EXPERIMENT).close();
    Experiment.Builder other = EXPERIMENT.toBuilder().setSeed(2);
    other.getStagesBuilder(0).setEpochs(4);
    other.getStagesBuilder(1).getSearchBuilder().setSparsity(0.95);
    other.addStages(Stage.newBuilder().setName("more"));
    assertThatThrownBy(() -> RunDirectory.resume(root(), other.build()))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems().subList(1, e.problems().size()))
                    .containsExactly(
                        "  seed: not set before, 2 now",
                        "  stages[0].epochs: 3 before, 4 now",
                        "  stages[1].search.sparsity: 0.9 before, 0.95 now",
                        "  stages: 2 entries before, 3 entries now"));
  }

  @Test
  void aSecondOpenerInTheSameProcessIsRefused() {
    try (RunDirectory run = RunDirectory.create(root(), EXPERIMENT)) {
      assertThat(run.root()).isEqualTo(root());
      assertThatThrownBy(() -> RunDirectory.resume(root(), EXPERIMENT))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(
              "is in use by another run (process " + ProcessHandle.current().pid() + ")")
          .matches(e -> RunInUseException.isTold(e.getMessage()));
    }
    RunDirectory.resume(root(), EXPERIMENT).close();
  }

  /** Holds the lock of its argument until its input ends. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      try (RunDirectory run = RunDirectory.resume(Path.of(args[0]), EXPERIMENT)) {
        System.out.println("locked " + run.root());
        System.out.flush();
        while (System.in.read() >= 0) {}
      }
    }
  }

  @Test
  void aSecondProcessIsRefusedAndAKilledOneLeavesNoLock() throws Exception {
    RunDirectory.create(root(), EXPERIMENT).close();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                root().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream out = process.getInputStream()) {
      String line = new String(out.readNBytes(6), StandardCharsets.UTF_8);
      assertThat(line).isEqualTo("locked");
      assertThatThrownBy(() -> RunDirectory.resume(root(), EXPERIMENT))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("(process " + process.pid() + ")");
    } finally {
      process.destroyForcibly().waitFor();
    }
    RunDirectory.resume(root(), EXPERIMENT).close();
  }

  @Test
  void openRefusesWhatIsNoRunAndNamesABrokenConfigsLine() throws IOException {
    assertThatThrownBy(() -> RunDirectory.open(root()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("is not a run directory");
    Files.createDirectories(root());
    Files.writeString(root().resolve("config.textproto"), "name: \"a\"\nsed: 1\n");
    assertThatThrownBy(() -> RunDirectory.open(root()).readConfig())
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("config.textproto:2:");
  }

  @Test
  void equalConfigsHaveEqualHashes() {
    assertThat(RunDirectory.hash(EXPERIMENT))
        .isEqualTo(RunDirectory.hash(EXPERIMENT.toBuilder().build()));
    assertThat(RunDirectory.hash(EXPERIMENT))
        .matches("[0-9a-f]{64}")
        .isNotEqualTo(RunDirectory.hash(EXPERIMENT.toBuilder().setSeed(3).build()));
  }

  @Test
  void digestsAreThoseOfTheStandard() throws IOException {
    // FIPS 180-2, appendix B.1.
    String abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assertThat(Sha256.of("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(abc);
    assertThat(Sha256.of(Files.writeString(temp.resolve("abc"), "abc"))).isEqualTo(abc);
    assertThatThrownBy(() -> Sha256.of(temp.resolve("none")))
        .hasMessage("cannot read %1$s: %1$s does not exist".formatted(temp.resolve("none")));
  }
}
