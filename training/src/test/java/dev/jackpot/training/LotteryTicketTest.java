package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.StagePoint;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.training.run.Metrics;
import dev.jackpot.training.run.Result;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Iterative magnitude pruning with rewinding, whole runs on the tiny data. */
class LotteryTicketTest {
  /** 96 images, 16 in a batch: 6 steps an epoch. */
  private static final String TICKETS =
      """
      stages {
        name: "tickets"
        repeat {
          rounds: 3
          stages {
            name: "train" sparse_train {} epochs: 2 batch_size: 16
            learning_rate { initial: 0.05 cosine {} per: STEP }
            optimizer { sgd { momentum: 0.9 nesterov: true } }
            weight_decay { kernels: 1e-3 batch_norm: 1e-3 }
          }
          stages { prune { fraction: 0.2 } }
          stages { rewind { to: "%s" } }
        }
      }
      stages { name: "final" sparse_train {} epochs: 1 batch_size: 16 }
      """;

  @TempDir Path temp;

  /** What each stage left, by its name. */
  private static final class Ends implements Listener {
    final Map<String, State> states = new LinkedHashMap<>();
    final Map<StagePoint, State> steps = new LinkedHashMap<>();

    @Override
    public void prepared(String stage, Progress progress, State state) {
      states.put(stage, state);
    }

    @Override
    public void stepDone(Moment moment, StepResult result) {
      long step = moment.progress().stageStep();
      steps.put(
          StagePoint.parse("%s@step %d".formatted(moment.stage(), step)), moment.graph().state());
    }

    @Override
    public void stageDone(Moment moment) {
      states.put(moment.stage(), moment.graph().state());
    }
  }

  private static Experiment tickets(String to) {
    return Tiny.experiment(TICKETS.formatted(to), "checkpoints.every_steps=0");
  }

  @Test
  void eachRoundPrunesAFifthOfWhatIsLeftAndMasksAreNested() {
    Ends ends = new Ends();
    Path directory = temp.resolve("run");
    Result result = Runs.run(tickets("@start"), directory, ends);
    report(directory);
    ExperimentParts parts = ExperimentParts.open(tickets("@start"));
    for (int round = 1; round <= 3; round++) {
      assertRewound(ends, round, StartingValues.of(parts));
    }
    List<Parameter> kernels =
        Tiny.parts(Tiny.TRAIN).summary().kernels().stream()
            .filter(k -> !k.name().equals("linear/kernel"))
            .toList();
    long all = kernels.stream().mapToLong(Parameter::size).sum();
    long kept = all;
    Map<String, Mask> before = new LinkedHashMap<>();
    kernels.forEach(k -> before.put(k.name(), Mask.full(k.shape())));
    for (int round = 1; round <= 3; round++) {
      kept -= (long) Math.floor(0.2 * kept);
      Map<String, Mask> masks = ends.states.get("prune/round-" + round).masks(kernels);
      assertThat(masks.values().stream().mapToLong(Mask::kept).sum()).isEqualTo(kept);
      masks.forEach(
          (name, mask) -> {
            for (int i = 0; i < mask.size(); i++) {
              assertThat(mask.kept(i) && !before.get(name).kept(i)).isFalse();
            }
          });
      before.putAll(masks);
    }
    assertThat(result.kernels().stream().mapToLong(Result.Kernel::kept).sum()).isEqualTo(kept);
    assertThat(result.stages().stream().map(Result.StageResult::name))
        .containsExactly(
            "train/round-1",
            "prune/round-1",
            "rewind/round-1",
            "train/round-2",
            "prune/round-2",
            "rewind/round-2",
            "train/round-3",
            "prune/round-3",
            "rewind/round-3",
            "final");
    assertThat(result.stages().get(1).epochs()).isZero();
    assertThat(result.stages().get(1).accuracy()).isBetween(0.0, 1.0);
    assertThat(result.denseAccuracy()).isEqualTo(result.stages().get(0).accuracy());
  }

  @Test
  void eachRoundLeavesItsCheckpointsAndMasks() throws IOException {
    Path directory = temp.resolve("run");
    Runs.run(
        Tiny.experiment(
            TICKETS.formatted("@start"),
            "checkpoints.every_steps=0",
            "checkpoints.keep_best=false"),
        directory);
    assertThat(names(directory.resolve("masks")))
        .containsExactlyInAnyOrder(
            "prune.round-1.masks",
            "rewind.round-1.masks",
            "train.round-2.masks",
            "prune.round-2.masks",
            "rewind.round-2.masks",
            "train.round-3.masks",
            "prune.round-3.masks",
            "rewind.round-3.masks",
            "final.masks");
    assertThat(names(directory.resolve("checkpoints")))
        .filteredOn(name -> !name.endsWith("-step00000000"))
        .containsExactly(
            "00-train.round-1-epoch0002-step00000012",
            "01-prune.round-1-epoch0000-step00000012",
            "02-rewind.round-1-epoch0000-step00000012",
            "03-train.round-2-epoch0002-step00000024",
            "04-prune.round-2-epoch0000-step00000024",
            "05-rewind.round-2-epoch0000-step00000024",
            "06-train.round-3-epoch0002-step00000036",
            "07-prune.round-3-epoch0000-step00000036",
            "08-rewind.round-3-epoch0000-step00000036",
            "09-final-epoch0001-step00000042");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"train/round-1@epoch 1", "train@step 5"})
  void rewoundWeightsAreThoseOfThePointUnderTheMask(String to) {
    Ends ends = new Ends();
    Runs.run(tickets(to), temp.resolve("run"), ends);
    StagePoint point = StagePoint.parse(to);
    long step = point.unit() == StagePoint.Unit.EPOCH ? 6 * point.at() : point.at();
    for (int round = 1; round <= 3; round++) {
      // a name without a round is the last one's that has run
      String stage = point.stage().equals("train") ? "train/round-" + round : point.stage();
      StagePoint of = StagePoint.parse("%s@step %d".formatted(stage, step));
      assertRewound(ends, round, ends.steps.get(of));
    }
  }

  private static void assertRewound(Ends ends, int round, State theta) {
    State pruned = ends.states.get("prune/round-" + round);
    State rewound = ends.states.get("rewind/round-" + round);
    for (Parameter p : Tiny.parts(Tiny.TRAIN).summary().parameters()) {
      HostTensor values = theta.get(p.name());
      HostTensor expected = pruned.mask(p).map(m -> State.masked(values, m)).orElse(values);
      assertThat(bits(rewound.effective(List.of(p)).get(p.name())))
          .as(p.name())
          .isEqualTo(bits(expected));
      // behind the masks a control run finds the point's own values
      assertThat(bits(rewound.get(p.name()))).as(p.name()).isEqualTo(bits(values));
      assertThat(rewound.mask(p)).isEqualTo(pruned.mask(p));
    }
  }

  private static List<Integer> bits(HostTensor tensor) {
    List<Integer> bits = new ArrayList<>();
    for (float value : tensor.values()) {
      bits.add(Float.floatToRawIntBits(value));
    }
    return bits;
  }

  @Test
  void aRunBrokenAtRandomStepsOfAnyRoundEndsInTheSameBits() {
    Experiment experiment = tickets("train/round-1@step 7");
    Path unbroken = temp.resolve("unbroken");
    Result expected = Runs.run(experiment, unbroken);
    Path broken = temp.resolve("broken");
    int stops = Runs.broken(experiment, broken, new Random(7));
    assertThat(stops).isGreaterThan(5);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(TrainedNetwork.load(broken).state().values())
        .isEqualTo(TrainedNetwork.load(unbroken).state().values());
    Result result = Result.read(broken.resolve("result.json"));
    assertThat(result.accuracy()).isEqualTo(expected.accuracy());
    assertThat(result.kernels()).isEqualTo(expected.kernels());
    assertThat(result.stages().stream().map(Result.StageResult::accuracy))
        .isEqualTo(expected.stages().stream().map(Result.StageResult::accuracy).toList());
  }

  private static void report(Path directory) {
    assertThat(Metrics.read(directory.resolve("metrics.jsonl")).stream().map(m -> m.stage()))
        .containsExactly(
            "train/round-1",
            "train/round-1",
            "train/round-2",
            "train/round-2",
            "train/round-3",
            "train/round-3",
            "final");
    assertThat(directory.resolve("report.html")).content().contains("prune/round-3", "final");
  }
}
