package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.pruning.Masks;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.EvaluationSplit;
import dev.jackpot.training.run.Metrics;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on the tiny data: results, interruption and resumption, divergence. */
class ExperimentServiceTest {
  private static final String BOTH = Tiny.TRAIN + Tiny.SEARCH;

  @TempDir Path temp;

  private Result run(Path directory, boolean resume, Listener... listeners) {
    return ExperimentService.run(
        Tiny.experiment(BOTH, "export={}"),
        directory,
        resume,
        List.of(listeners),
        new StopSignal());
  }

  private static State lastState(Path directory) {
    return TrainedNetwork.load(directory).state();
  }

  @Test
  void aRunLeavesWhatItsContractSays() {
    Path directory = temp.resolve("run");
    Result result = run(directory, false);
    assertThat(directory.resolve("config.textproto")).exists();
    assertThat(directory.resolve("manifest.json")).content().contains("\"finished\"");
    assertThat(directory.resolve("report.html")).content().contains("<svg");
    assertThat(directory.resolve("saved_model/1/saved_model.pb")).exists();
    assertThat(Runs.metrics(directory)).hasSize(5);
    assertThat(result).isEqualTo(Result.read(directory.resolve("result.json")));
    assertThat(result.stages().stream().map(Result.StageResult::name))
        .containsExactly("train", "search");
    assertThat(result.denseAccuracy()).isEqualTo(result.stages().get(0).accuracy());
    assertThat(result.startAccuracy()).isBetween(0.0, 1.0);
    assertThat(result.kernels().stream().map(Result.Kernel::name))
        .hasSize(7)
        .doesNotContain("linear/kernel");
    long prunable = result.kernels().stream().mapToLong(Result.Kernel::total).sum();
    long pruned = result.kernels().stream().mapToLong(k -> k.total() - k.kept()).sum();
    assertThat(pruned).isEqualTo((long) Math.floor(0.8 * prunable));
    assertThat(result.parameters() - result.nonzero()).isEqualTo(pruned);
    assertThat(result.sparsity()).isEqualTo((double) pruned / prunable);
    assertThat(result.flopsSparse()).isLessThan(result.flopsDense());
  }

  @Test
  void aSearchOverPrunedWeightsMeasuresNoDenseNetwork() {
    String stages =
        """
        stages { prune { sparsity: 0.5 } }
        stages { sparse_train {} epochs: 1 batch_size: 16 }
        """;
    Result result = Runs.run(Tiny.experiment(stages + Tiny.SEARCH), temp.resolve("run"));
    assertThat(result.denseAccuracy()).isNaN();
    assertThat(result.startAccuracy()).isBetween(0.0, 1.0);
    assertThat(temp.resolve("run/result.json")).content().doesNotContain("dense_accuracy");
  }

  @Test
  void aCompleteRunIsLeftAsItIs() throws IOException {
    Path directory = temp.resolve("run");
    Result result = run(directory, false);
    var before = Files.getLastModifiedTime(directory.resolve("result.json"));
    assertThat(run(directory, true)).isEqualTo(result);
    assertThat(Files.getLastModifiedTime(directory.resolve("result.json"))).isEqualTo(before);
    assertThatThrownBy(() -> run(directory, false))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("already holds a run");
  }

  @Test
  void aRunStoppedAtManyStepsContinuesToTheSameBits() {
    Path unbroken = temp.resolve("unbroken");
    Result expected = run(unbroken, false);
    Path broken = temp.resolve("broken");
    Result result = null;
    int stops = 0;
    boolean resume = false;
    while (result == null) {
      StopSignal stop = new StopSignal();
      int after = 1 + stops * 2 % 5;
      Listener stopper = stopAfter(after, stop);
      try {
        result =
            ExperimentService.run(
                Tiny.experiment(BOTH, "export={}"), broken, resume, List.of(stopper), stop);
      } catch (RunInterruptedException e) {
        assertThat(e.exitCode()).isEqualTo(130);
        stops++;
        resume = true;
      }
    }
    assertThat(stops).isGreaterThan(6);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(lastState(broken).values()).isEqualTo(lastState(unbroken).values());
    assertThat(result.accuracy()).isEqualTo(expected.accuracy());
    assertThat(result.denseAccuracy()).isEqualTo(expected.denseAccuracy());
    assertThat(result.startAccuracy()).isEqualTo(expected.startAccuracy());
    assertThat(result.kernels()).isEqualTo(expected.kernels());
  }

  private static Listener stopAfter(int steps, StopSignal stop) {
    return new Listener() {
      private int seen;

      @Override
      public void stepDone(Moment moment, StepResult result) {
        if (++seen == steps) {
          stop.request(StopSignal.INTERRUPTED);
        }
      }
    };
  }

  @Test
  void aDamagedCheckpointIsPassedOverForTheOneBefore() throws IOException {
    Path unbroken = temp.resolve("unbroken");
    run(unbroken, false);
    Path broken = temp.resolve("broken");
    StopSignal stop = new StopSignal();
    Experiment experiment = Tiny.experiment(BOTH, "export={}");
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    experiment, broken, false, List.of(stopAfter(16, stop)), stop))
        .isInstanceOf(RunInterruptedException.class);
    List<Path> checkpoints = checkpoints(broken);
    assertThat(checkpoints.size()).isGreaterThan(1);
    Path data = checkpoints.get(checkpoints.size() - 1).resolve("state.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    bytes[bytes.length / 2] ^= 1;
    Files.write(data, bytes);
    assertThatThrownBy(() -> Checkpoint.open(data.getParent()))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("damaged")
        .hasMessageContaining("SHA-256");
    ExperimentService.run(experiment, broken, true, List.of(), new StopSignal());
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(lastState(broken).values()).isEqualTo(lastState(unbroken).values());
  }

  private static List<Path> checkpoints(Path run) throws IOException {
    try (Stream<Path> entries = Files.list(run.resolve("checkpoints"))) {
      return new ArrayList<>(entries.sorted().toList());
    }
  }

  @Test
  void withValidationImagesTheTestImagesAreForTheEnd() {
    Experiment experiment = Tiny.experiment(BOTH, "data.validation={ share: 0.25 seed: 3 }");
    Path directory = temp.resolve("unbroken");
    List<Integer> evaluated = new ArrayList<>();
    Listener watch =
        new Listener() {
          @Override
          public void evaluated(Moment moment, Evaluation evaluation) {
            evaluated.add(evaluation.images());
            assertThat(moment.split()).isEqualTo(EvaluationSplit.VALIDATION);
          }
        };
    Result result =
        ExperimentService.run(experiment, directory, false, List.of(watch), new StopSignal());
    assertThat(evaluated).hasSize(5).containsOnly(24);
    List<EpochMetrics> lines = Metrics.read(directory.resolve("metrics.jsonl"));
    assertThat(lines).extracting(EpochMetrics::split).containsOnly(EvaluationSplit.VALIDATION);
    assertThat(result.validationAccuracy()).isEqualTo(lines.get(4).accuracy());
    TrainedNetwork last = TrainedNetwork.load(directory);
    assertThat(last.parts().data().train().size()).isEqualTo(72);
    assertThat(last.evaluate().images()).isEqualTo(48);
    assertThat(result.accuracy()).isEqualTo(last.evaluate().accuracy());
    assertThat(result.denseAccuracy() * 48)
        .isCloseTo(Math.rint(result.denseAccuracy() * 48), within(1e-9));
    assertThat(directory.resolve("report.html"))
        .content()
        .contains("Validation accuracy by epoch", "On the validation images");

    Path broken = temp.resolve("broken");
    StopSignal stop = new StopSignal();
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    experiment, broken, false, List.of(stopAfter(11, stop)), stop))
        .isInstanceOf(RunInterruptedException.class);
    Result resumed = ExperimentService.run(experiment, broken, true, List.of(), new StopSignal());
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(directory));
    assertThat(resumed.accuracy()).isEqualTo(result.accuracy());
    assertThat(resumed.denseAccuracy()).isEqualTo(result.denseAccuracy());
    assertThat(resumed.validationAccuracy()).isEqualTo(result.validationAccuracy());
  }

  @Test
  void onlyTheAskedForCheckpointsAreKept() throws IOException {
    Path directory = temp.resolve("run");
    run(directory, false);
    for (String stage : List.of("train", "search")) {
      List<Path> left =
          checkpoints(directory).stream()
              .filter(c -> c.getFileName().toString().contains(stage))
              .toList();
      // the last one, and the best if that was another
      assertThat(left).hasSizeBetween(1, 2);
      assertThat(Checkpoint.open(left.get(left.size() - 1)).progress().epoch())
          .isEqualTo(stage.equals("train") ? 2 : 3);
    }
  }

  @Test
  void epochsThatAreNotEvaluatedTrainAllTheSameAndAreNeverTheBest() throws IOException {
    Path each = temp.resolve("each");
    Result expected = Runs.run(Tiny.experiment(Tiny.SEARCH, "stages.search.epochs=5"), each);
    Experiment every =
        Tiny.experiment(Tiny.SEARCH, "stages.search.epochs=5", "stages.search.evaluate_every=2");
    Path some = temp.resolve("some");
    List<Integer> told = new ArrayList<>();
    Listener evaluations =
        new Listener() {
          @Override
          public void evaluated(Moment moment, Evaluation evaluation) {
            told.add(moment.progress().epoch() + 1);
          }
        };
    Result result = Runs.run(every, some, evaluations);
    assertThat(told).containsExactly(2, 4, 5);
    assertThat(result.accuracy()).isEqualTo(expected.accuracy());
    assertThat(lastState(some).values()).isEqualTo(lastState(each).values());
    List<EpochMetrics> lines = Metrics.read(some.resolve("metrics.jsonl"));
    List<EpochMetrics> all = Metrics.read(each.resolve("metrics.jsonl"));
    for (int epoch = 1; epoch <= 5; epoch++) {
      double accuracy = lines.get(epoch - 1).accuracy();
      if (told.contains(epoch)) {
        assertThat(accuracy).isEqualTo(all.get(epoch - 1).accuracy());
      } else {
        assertThat(accuracy).isNaN();
      }
      assertThat(lines.get(epoch - 1).loss()).isEqualTo(all.get(epoch - 1).loss());
    }
    for (Path kept : checkpoints(some)) {
      assertThat(Checkpoint.open(kept).progress().epoch()).isIn(2, 4, 5);
    }
    Path broken = temp.resolve("broken");
    assertThat(Runs.broken(every, broken, new Random(3))).isGreaterThan(4);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(some));
    assertThat(lastState(broken).values()).isEqualTo(lastState(some).values());
  }

  @Test
  void oneSeedGivesOneMaskPerEpochAndAnotherSeedOthers() {
    List<String> first = maskHashes("a", 1);
    assertThat(first).hasSize(3).doesNotHaveDuplicates();
    assertThat(maskHashes("b", 1)).isEqualTo(first);
    assertThat(maskHashes("c", 2)).doesNotContainAnyElementsOf(first);
  }

  private List<String> maskHashes(String directory, int seed) {
    List<String> hashes = new ArrayList<>();
    Listener hash =
        new Listener() {
          @Override
          public void epochDone(Moment moment, EpochMetrics metrics) {
            Map<String, HostTensor> masks = new LinkedHashMap<>(moment.graph().state().values());
            masks.keySet().removeIf(name -> !name.endsWith("/mask"));
            hashes.add(Masks.of(masks).sha256());
          }
        };
    ExperimentService.run(
        Tiny.experiment(Tiny.SEARCH, "seed=" + seed),
        temp.resolve(directory),
        false,
        List.of(hash),
        new StopSignal());
    return hashes;
  }

  @Test
  void aRunInBfloat16IsExportedAndHeldAgainstFloat32() {
    Path directory = temp.resolve("run");
    ExperimentService.run(
        Tiny.experiment(Tiny.TRAIN, "runtime.precision=BFLOAT16", "export={}"),
        directory,
        false,
        List.of(),
        new StopSignal());
    assertThat(directory.resolve("saved_model/1/saved_model.pb")).exists();
  }

  @Test
  void aConfigThatCannotRunLeavesNothingBehindEvenWithResume() {
    Path directory = temp.resolve("run");
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    Tiny.experiment(BOTH, "weights.path=" + temp.resolve("nope.npz")),
                    directory,
                    true,
                    List.of(),
                    new StopSignal()))
        .isInstanceOf(ConfigException.class);
    run(directory, true);
  }

  @Test
  void aRunIsNotContinuedOnOtherData() {
    Path directory = temp.resolve("run");
    StopSignal stop = new StopSignal();
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    Tiny.experiment(BOTH), directory, false, List.of(stopAfter(4, stop)), stop))
        .isInstanceOf(RunInterruptedException.class);
    TinyData.brighter = 1;
    try {
      assertThatThrownBy(
              () ->
                  ExperimentService.run(
                      Tiny.experiment(BOTH), directory, true, List.of(), new StopSignal()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("other data");
    } finally {
      TinyData.brighter = 0;
    }
  }

  @Test
  void aStopDuringTheStartMeasurementIsObeyedAndRepeatsIt() {
    Path directory = temp.resolve("run");
    StopSignal stop = new StopSignal();
    stop.request(StopSignal.TERMINATED);
    Experiment experiment = Tiny.experiment(Tiny.SEARCH);
    assertThatThrownBy(() -> ExperimentService.run(experiment, directory, false, List.of(), stop))
        .isInstanceOfSatisfying(
            RunInterruptedException.class, e -> assertThat(e.exitCode()).isEqualTo(143))
        .hasMessageContaining("before the search's first step");
    Result result = ExperimentService.run(experiment, directory, true, List.of(), new StopSignal());
    assertThat(result.startAccuracy()).isBetween(0.0, 1.0);
  }

  @Test
  void aDescriptionWithMissingFieldsIsDamageNotACrash() throws IOException {
    Path directory = temp.resolve("run");
    run(directory, false);
    Path file = checkpoints(directory).get(0).resolve("checkpoint.json");
    Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"unfinished\""));
    assertThatThrownBy(() -> Checkpoint.open(file.getParent()))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void aLossThatIsNoNumberStopsTheRunAndNamesTheLastGoodCheckpoint() throws IOException {
    Path directory = temp.resolve("run");
    // the rate explodes in the second epoch: the first leaves a good checkpoint
    Experiment diverging =
        Tiny.experiment(
            Tiny.TRAIN,
            "stages.train.learning_rate={ initial: 0.01 step { epochs: 1 factor: 1e36 } }",
            "stages.train.epochs=3",
            "checkpoints.every_steps=1");
    assertThatThrownBy(
            () -> ExperimentService.run(diverging, directory, false, List.of(), new StopSignal()))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining("diverged")
        .hasMessageContaining("step")
        .hasMessageContaining("learning rate")
        .hasMessageContaining("last good checkpoint: " + directory);
    for (Path checkpoint : checkpoints(directory)) {
      Checkpoint.open(checkpoint)
          .state()
          .values()
          .forEach(
              (name, value) -> {
                for (float v : value.values()) {
                  assertThat(v).as(name).isFinite();
                }
              });
    }
    assertThat(directory.resolve("result.json")).doesNotExist();
    assertThat(directory.resolve("saved_model")).doesNotExist();
  }

  @Test
  void theTinyNetworkLearns() {
    Path directory = temp.resolve("run");
    ExperimentService.run(
        Tiny.experiment(Tiny.TRAIN, "stages.train.epochs=8"),
        directory,
        false,
        List.of(),
        new StopSignal());
    List<EpochMetrics> lines = Metrics.read(RunDirectory.open(directory).metrics());
    assertThat(lines.get(7).accuracy()).isGreaterThan(0.8);
    assertThat(lines.get(7).loss()).isLessThan(lines.get(0).loss());
  }

  @Test
  void weightsThatDoNotFitAreRefusedBeforeAnythingIsWritten() {
    Path directory = temp.resolve("run");
    Path missing = temp.resolve("missing.npz");
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    Tiny.experiment(Tiny.SEARCH, "weights.path=" + missing),
                    directory,
                    false,
                    List.of(),
                    new StopSignal()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("missing.npz");
    assertThat(directory).doesNotExist();
  }

  @Test
  void aLaterOrNestedStagesBatchLargerThanTheDataIsRefusedBeforeTheFirstTrains() {
    String nested =
        """
        stages { name: "rounds" repeat { rounds: 2
          stages { name: "inner" sparse_train {} epochs: 1 batch_size: 97
                   learning_rate { initial: 0.1 } }
          stages { prune { fraction: 0.2 } }
        } }
        """;
    for (Experiment experiment :
        List.of(
            Tiny.experiment(BOTH, "stages.search.batch_size=97"),
            Tiny.experiment(Tiny.TRAIN + nested))) {
      Path directory = temp.resolve("run");
      assertThatThrownBy(
              () ->
                  ExperimentService.run(experiment, directory, false, List.of(), new StopSignal()))
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll("batch_size", "found 97", "the 96 training images");
      assertThat(directory).doesNotExist();
    }
  }

  @Test
  void aBatchLargerThanTheDataIsRefusedBeforeAnythingIsWritten() {
    Path directory = temp.resolve("run");
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    Tiny.experiment(Tiny.TRAIN, "stages.train.batch_size=1000"),
                    directory,
                    false,
                    List.of(),
                    new StopSignal()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("batch_size")
        .hasMessageContaining("96");
    assertThat(directory).doesNotExist();
  }
}
