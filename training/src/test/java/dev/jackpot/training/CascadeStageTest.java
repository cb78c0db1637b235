package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Counts;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.PruningEvents.Kind;
import dev.jackpot.training.run.PruningLog;
import dev.jackpot.training.run.PruningRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that harvest what a network sheds, on the tiny data: 6 steps an epoch. */
class CascadeStageTest {
  private static final String STAGES =
      """
      stages {
        name: "dense" train {} epochs: 1 batch_size: 16 learning_rate { initial: 0.05 }
      }
      stages {
        name: "shed" sparse_train { schedule { to { sparsity: 0.8 } %s } }
        epochs: 5 batch_size: 16
        learning_rate { initial: 0.05 held_cosine { hold_epochs: 4 } }
        weight_decay { kernels: 0.01 batch_norm: 0.01 }
      }
      """;
  private static final String FREE =
      "cascade { free { delta: 0.02 batches: 2 batch_size: 16 } } end: 4";

  /** Half of what is left is small enough for it, so that there is something to harvest. */
  private static final String SMALL =
      "cascade { small { epsilon: 0.5 } } end: 20 interval: 5 per: STEP";

  @TempDir Path temp;

  private static Experiment experiment(String schedule) {
    return Tiny.experiment(STAGES.formatted(schedule), "checkpoints.every_steps=0");
  }

  private static List<Parameter> kernels() {
    return Tiny.parts(Tiny.TRAIN).summary().kernels();
  }

  private static List<PruningRecord> log(Path directory) {
    return PruningLog.read(directory.resolve("pruning.jsonl"));
  }

  /** Notes the changes, and holds the variables against them. */
  private static final class Watch implements Listener {
    final List<MaskChange> changes = new ArrayList<>();
    private final List<Parameter> kernels = kernels();

    @Override
    public void masksChanged(Moment moment, List<MaskChange> all) {
      changes.addAll(all);
      State state = moment.graph().state();
      Map<String, Mask> last = all.get(all.size() - 1).after();
      last.forEach(
          (name, mask) -> {
            assertThat(Mask.of(state.get(name + "/mask"))).isEqualTo(mask);
            HostTensor slot = state.get(name + "/momentum");
            for (int i = 0; i < mask.size(); i++) {
              if (!mask.kept(i)) {
                assertThat(state.get(name).values()[i]).as(name).isZero();
                assertThat(slot.values()[i]).as(name).isZero();
              }
            }
          });
      for (MaskChange change : all) {
        change
            .after()
            .forEach(
                (name, mask) -> {
                  Mask before = change.before().get(name);
                  for (int i = 0; i < mask.size(); i++) {
                    assertThat(!mask.kept(i) || before.kept(i)).isTrue();
                  }
                });
      }
    }

    long size() {
      return changes.get(0).after().keySet().stream()
          .mapToLong(n -> kernels.stream().filter(k -> k.name().equals(n)).findFirst().get().size())
          .sum();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FREE, SMALL})
  void aCascadeEndsAtItsCountAndTellsWhatItDid(String schedule) {
    Path directory = temp.resolve("run");
    Watch watch = new Watch();
    Runs.run(experiment(schedule), directory, watch);
    List<Kind> kinds = watch.changes.stream().map(MaskChange::kind).toList();
    assertThat(kinds.get(0)).isEqualTo(Kind.SEED);
    assertThat(kinds).contains(Kind.HARVEST);
    assertThat(kinds.indexOf(Kind.FINAL)).isIn(-1, kinds.size() - 1);

    List<PruningRecord> lines = log(directory);
    assertThat(lines)
        .extracting(PruningRecord::kind)
        .isEqualTo(kinds.stream().map(Kind::label).toList());
    long size = watch.size();
    long before = 0;
    for (PruningRecord line : lines) {
      assertThat(line.stage()).isEqualTo("shed");
      assertThat(line.size()).isEqualTo(size);
      assertThat(line.prunedBefore()).isEqualTo(before);
      before = line.prunedAfter();
      assertThat(Double.isNaN(line.lossBefore())).isEqualTo(schedule.equals(SMALL));
      if (line.kind().equals("harvest") && schedule.equals(FREE)) {
        assertThat(line.lossAfter() - line.lossBefore()).isLessThanOrEqualTo(0.02 + 1e-6);
      }
    }
    assertThat(lines.get(0).prunedAfter()).isEqualTo(Counts.pruned(0.2, size));
    assertThat(before).isEqualTo(Counts.pruned(0.8, size));
    // steps of all stages: an epoch of six before
    assertThat(lines.get(0).step()).isEqualTo(6);
    assertThat(
            TrainedNetwork.load(directory).state().masks(kernels()).values().stream()
                .mapToLong(Mask::pruned)
                .sum())
        .isEqualTo(Counts.pruned(0.8, size));
  }

  @ParameterizedTest
  @ValueSource(strings = {FREE, SMALL})
  void brokenAtRandomStepsItEndsInTheSameBits(String schedule) throws IOException {
    Experiment experiment = experiment(schedule);
    Path unbroken = temp.resolve("unbroken");
    Runs.run(experiment, unbroken);
    Path broken = temp.resolve("broken");
    assertThat(Runs.broken(experiment, broken, new Random(4))).isGreaterThan(2);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(Files.readString(broken.resolve("pruning.jsonl")))
        .isEqualTo(Files.readString(unbroken.resolve("pruning.jsonl")));
    assertThat(TrainedNetwork.load(broken).state().values())
        .isEqualTo(TrainedNetwork.load(unbroken).state().values());
  }

  @Test
  void everyScheduleIsLogged() {
    Path directory = temp.resolve("run");
    Runs.run(experiment("linear {} begin: 0 end: 4 interval: 2 loss_batches: 2"), directory);
    List<PruningRecord> lines = log(directory);
    // at epoch 0 nothing is due yet
    assertThat(lines).extracting(PruningRecord::kind).containsExactly("scheduled", "scheduled");
    assertThat(lines).extracting(PruningRecord::epoch).containsExactly(2., 4.);
    assertThat(lines).allMatch(l -> Double.isFinite(l.lossBefore() + l.lossAfter()));
    assertThat(lines.get(1).kernels()).allMatch(k -> k.after() <= k.before());
  }

  @Test
  void moreImagesThanThereAreAreFoundBeforeTheRun() {
    Path directory = temp.resolve("run");
    assertThatThrownBy(
            () -> Runs.run(experiment(FREE.replace("batches: 2", "batches: 7")), directory))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "stages.shed.sparse_train.schedule.cascade.free.batches: found 7 of 16 images; expected"
                + " no more than the 96 training images there are");
    assertThat(directory).doesNotExist();
  }
}
