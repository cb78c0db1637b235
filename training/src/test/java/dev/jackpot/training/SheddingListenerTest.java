package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SheddingLog;
import dev.jackpot.training.run.SheddingMeasurement;
import dev.jackpot.training.run.SheddingMeasurement.Cause;
import dev.jackpot.training.run.SheddingMeasurement.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages that are watched while they shed, on the tiny data: 6 steps an epoch. */
class SheddingListenerTest {
  private static final String STAGE =
      """
      stages {
        name: "again" sparse_train { prune { sparsity: 0.3 } %s } epochs: 2 batch_size: 16
        learning_rate { initial: 0.1 constant {} }
        weight_decay { kernels: 0.01 batch_norm: 0.01 }
      }
      """;

  @TempDir Path temp;

  private static Experiment experiment(String rest, String... sets) {
    return Tiny.experiment(STAGE.formatted(rest), sets);
  }

  private static List<SheddingMeasurement> measured(Path directory) {
    return SheddingLog.read(RunDirectory.open(directory).shedding());
  }

  private static List<String> moments(Path directory) {
    return measured(directory).stream()
        .map(m -> "%s %d".formatted(m.cause().label(), m.moment().stageStep()))
        .toList();
  }

  @Test
  void aStageEndsInTheSameBitsWithAndWithoutIt() {
    Path without = temp.resolve("without");
    Path with = temp.resolve("with");
    Runs.run(experiment(""), without);
    Runs.run(experiment("", "stages.again.shedding={}"), with);
    assertThat(Runs.metrics(with)).isEqualTo(Runs.metrics(without));
    assertThat(TrainedNetwork.load(with).state().values())
        .isEqualTo(TrainedNetwork.load(without).state().values());
    assertThat(RunDirectory.open(without).shedding()).doesNotExist();
    assertThat(moments(with)).containsExactly("start 0", "epoch 6", "epoch 12");
    for (SheddingMeasurement line : measured(with)) {
      long size = line.size();
      assertThat(line.pruned()).isEqualTo((long) (0.3 * size));
      assertThat(line.layers())
          .hasSize(7)
          .extracting(Layer::kernel)
          .doesNotContain("linear/kernel");
      assertThat(line.layers().stream().map(Layer::shed).reduce(ShedCounts::plus))
          .contains(line.total());
      assertThat(line.moment().accuracy()).isBetween(0., 1.);
      for (Layer layer : line.layers()) {
        assertThat(layer.histogram().size()).isEqualTo(layer.shed().live());
        assertThat(layer.filterNorms()).hasSize(7).isSorted();
        assertThat(layer.foldedNorms()).hasSize(7);
        assertThat(layer.gammas()).hasSize(7);
        assertThat(layer.clusters()).hasSize(4);
        assertThat(layer.deaths().silent()).isBetween(0, layer.units());
        assertThat(layer.deaths().units()).isBetween(0, layer.units());
      }
      assertThat(line.kept()).hasSize(3).allMatch(k -> k.first() > k.chance());
      assertThat(line.control()).isEmpty();
    }
    SheddingMeasurement start = measured(with).get(0);
    // (q − p) / (1 − p) of the live weights, in whole weights
    long size = start.size();
    assertThat(start.total().global())
        .containsExactly(
            size / 2 - start.pruned(),
            (long) (0.8 * size) - start.pruned(),
            (long) (0.9 * size) - start.pruned());
    assertThat(start.kept()).allMatch(k -> k.first() == 1 && Double.isNaN(k.before()));
    assertThat(measured(with).get(1).kept()).allMatch(k -> k.before() == k.first());
    // the last epoch is compared with the one before
    assertThat(measured(with).get(2).kept()).anyMatch(k -> k.before() != k.first());
  }

  @Test
  void stepsAfterTheStartAndAfterEventsAreCounted() {
    Path directory = temp.resolve("run");
    Runs.run(
        experiment(
            "schedule { to { sparsity: 0.8 } linear {} begin: 4 end: 8 interval: 4 per: STEP }",
            "stages.again.shedding={ steps_after_event: 2 interval: 2 }"),
        directory);
    // P(4) is what is pruned already: the first event that changes masks is at 8
    assertThat(moments(directory))
        .containsExactly("start 0", "step 1", "step 2", "event 8", "step 9", "step 10", "epoch 12");
    List<SheddingMeasurement> lines = measured(directory);
    assertThat(lines.get(3).isWhole()).isFalse();
    assertThat(lines.get(2).pruned()).isEqualTo(lines.get(0).pruned());
    assertThat(lines.get(3).pruned()).isEqualTo((long) (0.8 * lines.get(0).size()));
  }

  @Test
  void aRunStoppedAtManyStepsMeasuresTheSame() {
    Experiment experiment =
        experiment(
            "schedule { to { sparsity: 0.8 } cubic {} begin: 2 end: 9 interval: 3 per: STEP }",
            "stages.again.shedding={ steps_after_event: 2 }");
    Path unbroken = temp.resolve("unbroken");
    Runs.run(experiment, unbroken);
    assertThat(moments(unbroken)).contains("event 5", "event 8", "event 9", "epoch 12");
    Path broken = temp.resolve("broken");
    assertThat(Runs.broken(experiment, broken, new Random(3))).isGreaterThan(2);
    assertThat(measured(broken)).isEqualTo(measured(unbroken));
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
  }

  /** A control is found by the next stage that asks for the same. */
  @Test
  void aStageThatPrunesNothingIsItsOwnControl() throws IOException {
    Path controls = temp.resolve("shared");
    String watched = "stages.again.shedding={ control { path: \"%s\" } }".formatted(controls);
    Path nothing = temp.resolve("nothing");
    Runs.run(experiment("", watched, "stages.again.sparse_train.prune.sparsity=0"), nothing);
    for (SheddingMeasurement line : measured(nothing)) {
      assertThat(line.pruned()).isZero();
      assertThat(line.control()).isPresent();
      assertThat(line.control().get().total()).isEqualTo(line.total());
      assertThat(line.control().get().layers())
          .isEqualTo(line.layers().stream().map(Layer::shed).toList());
      assertThat(line.control().get().accuracy()).isEqualTo(line.moment().accuracy());
    }
    List<Path> runs = list(controls);
    assertThat(runs).hasSize(1);
    var written = Files.getLastModifiedTime(runs.get(0).resolve("result.json"));
    Path pruned = temp.resolve("pruned");
    Runs.run(experiment("", watched), pruned);
    assertThat(list(controls)).isEqualTo(runs);
    assertThat(Files.getLastModifiedTime(runs.get(0).resolve("result.json"))).isEqualTo(written);
    List<SheddingMeasurement> lines = measured(pruned);
    assertThat(lines).allMatch(l -> l.control().isPresent());
    assertThat(lines.get(2).control()).isEqualTo(measured(nothing).get(2).control());
    assertThat(lines.get(2).control().get().total()).isNotEqualTo(lines.get(2).total());
    // another rate is another control
    Runs.run(
        experiment("", watched, "stages.again.learning_rate.initial=0.01"), temp.resolve("slow"));
    assertThat(list(controls)).hasSize(2);
  }

  @Test
  void aControlThatIsStoppedGoesOnWithItsRun() throws IOException {
    Experiment experiment =
        Tiny.experiment(
            Tiny.TRAIN + STAGE.formatted(""),
            "stages.again.shedding={ control {} }",
            "stages.again.rescale=density");
    Path unbroken = temp.resolve("a").resolve("run");
    Runs.run(experiment, unbroken);
    assertThat(list(unbroken.resolveSibling("controls"))).hasSize(1);
    Path broken = temp.resolve("b").resolve("run");
    StopSignal stop = new StopSignal();
    Thread stopper = new Thread(() -> stopInControl(broken.resolveSibling("controls"), stop));
    stopper.start();
    assertThatThrownBy(() -> ExperimentService.run(experiment, broken, false, List.of(), stop))
        .isInstanceOf(RunInterruptedException.class)
        .hasMessageContaining("stage again");
    assertThat(measured(broken)).isEmpty();
    ExperimentService.run(experiment, broken, true, List.of(), new StopSignal());
    assertThat(measured(broken)).isEqualTo(measured(unbroken));
    // what is rescaled is what both begin with
    SheddingMeasurement start = measured(unbroken).get(0);
    assertThat(start.control().get().total().relative().get(0)).isPositive();
    assertThat(start.total().share(start.total().global().get(1)))
        .isCloseTo((0.8 - 0.3) / 0.7, within(0.01));
  }

  /** Asks for it as soon as the control has done an epoch. */
  private static void stopInControl(Path controls, StopSignal stop) {
    try {
      while (stop.requested().isEmpty()) {
        Thread.sleep(2);
        if (Files.isDirectory(controls)
            && list(controls).stream().anyMatch(c -> Files.exists(c.resolve("metrics.jsonl")))) {
          stop.request(StopSignal.INTERRUPTED);
        }
      }
    } catch (InterruptedException | IOException e) {
      stop.request(StopSignal.TERMINATED);
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  /** A search's weights stay as they are; only what is live changes. */
  @Test
  void searchesAndTuningAreWatched() {
    Path directory = temp.resolve("run");
    Runs.run(
        Tiny.experiment(
            Tiny.SEARCH + Tiny.TRAIN,
            "stages.search.shedding={ batch_size: 0 }",
            "stages.train.shedding={ quantiles: [0.25] relative: [0.2] free { batches: 2 batch_size: 16 delta: 0.1 } }",
            "stages.search.epochs=1"),
        directory);
    List<SheddingMeasurement> lines = measured(directory);
    assertThat(lines).extracting(m -> m.moment().stage()).contains("search", "train");
    assertThat(lines).filteredOn(m -> m.cause() == Cause.START).hasSize(2);
    assertThat(lines.get(0).layers()).allMatch(l -> l.deaths().silent() == -1);
    SheddingMeasurement last = lines.get(lines.size() - 1);
    assertThat(last.quantiles()).containsExactly(0.25);
    assertThat(lines.get(0).free()).isEmpty();
    assertThat(last.free())
        .hasValueSatisfying(
            free -> {
              assertThat(free.lossAfter()).isLessThanOrEqualTo(free.loss() + 0.1);
              assertThat(free.removed()).isBetween(0L, last.total().live());
            });
  }
}
