package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.GhostForm;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.run.EpochMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stages with ghosts on the tiny data: 6 steps an epoch. */
class GhostsTest {
  static final String STAGE =
      """
      stages {
        name: "sparse" sparse_train { prune { sparsity: 0.8 criterion { random {} } } }
        epochs: 4 batch_size: 16
        learning_rate { initial: 0.05 constant {} }
        optimizer { sgd { momentum: 0.9 nesterov: true } }
        weight_decay { kernels: 0.01 batch_norm: 0.01 }
        %s
      }
      """;

  static final String BOTH =
      "ghosts { until_epoch: 2 soft_neurons { swish {} } skips {} } label_smoothing: 0.1"
          + " label_smoothing_until_epoch: 3";

  @TempDir Path temp;

  static Experiment experiment(String recipe) {
    return Tiny.experiment(STAGE.formatted(recipe), "checkpoints.every_steps=0");
  }

  /** The values after each step, and how the graph's variables are called. */
  static final class Watch implements Listener {
    final Map<Long, State> states = new TreeMap<>();
    final Map<Long, Double> losses = new TreeMap<>();

    @Override
    public void stepDone(Moment moment, StepResult result) {
      states.put(moment.progress().step(), moment.graph().state());
      losses.put(moment.progress().step(), result.loss());
    }

    Set<String> ghosts(long step) {
      return states.get(step).values().keySet().stream()
          .filter(n -> n.startsWith("ghost/") || n.contains("/ghost/"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void ghostsLiveUntilTheHandOverAndLeaveNoTrace() {
    Watch watch = new Watch();
    Path directory = temp.resolve("run");
    Runs.run(experiment(BOTH), directory, watch);
    Watch plain = new Watch();
    Runs.run(experiment(""), temp.resolve("plain"), plain);
    assertThat(watch.ghosts(12))
        .contains(
            GhostForm.NEURON,
            GhostForm.SKIP,
            "layer1/0/conv1/ghost/kernel",
            "layer3/0/conv2/ghost/kernel/momentum",
            "layer2/0/conv1/ghost/moving_mean")
        .noneMatch(n -> n.startsWith("conv1/") || n.startsWith("linear/") || n.endsWith("/mask"));
    assertThat(watch.ghosts(13)).isEmpty();
    assertThat(watch.states.get(24L).values().keySet())
        .containsExactlyElementsOf(plain.states.get(24L).values().keySet());
    assertThat(Checkpoint.open(lastOf(directory)).state().values().keySet())
        .isEqualTo(Checkpoint.open(lastOf(temp.resolve("plain"))).state().values().keySet());
  }

  private static Path lastOf(Path directory) {
    return directory.resolve("checkpoints/00-sparse-epoch0004-step00000024");
  }

  /** Everything that is no ghost goes over as it is, and nothing else differs. */
  @ParameterizedTest
  @CsvSource({
    "ghosts { until_epoch: 2 soft_neurons {} skips {} } label_smoothing: 0.1, label_smoothing: 0.1",
    "label_smoothing: 0.1 label_smoothing_until_epoch: 2, ''"
  })
  void fromTheHandOverOnEveryStepIsThePlainStagesToTheBit(String recipe, String rest) {
    Watch watch = new Watch();
    Runs.run(experiment(recipe), temp.resolve("run"), watch);
    Experiment plain = experiment(rest);
    ExperimentParts parts = ExperimentParts.open(plain);
    Stage stage = plain.getStages(0);
    StageKind kind = StageKinds.REGISTRY.create(stage);
    State state = watch.states.get(12L);
    Seeds seeds = new Seeds(plain.getSeed());
    try (StageGraph graph =
            StageGraph.open(
                parts.network(),
                parts.spec(),
                stage,
                kind,
                state,
                plain.getRuntime(),
                seeds.of("dropout/sparse"));
        Batches batches = parts.trainingBatches(stage, seeds);
        BatchStream stream = batches.open(2, 0)) {
      for (long step = 13; step <= 18; step++) {
        try (Batch batch = stream.next()) {
          assertThat(graph.step(batch, .05, 1).loss()).isEqualTo(watch.losses.get(step));
        }
        assertThat(graph.state().values()).isEqualTo(watch.states.get(step).values());
      }
    }
  }

  /** Before the hand-over, at it (after 12 steps) and after it; and again and again. */
  @Test
  void aBrokenRunEndsInTheSameBits() {
    Experiment experiment = experiment(BOTH.replace("skips {}", "skips {} per: STEP"));
    Path unbroken = temp.resolve("unbroken");
    Runs.run(experiment, unbroken);
    for (int step : new int[] {11, 12, 13}) {
      Path broken = temp.resolve("broken-" + step);
      StopSignal stop = new StopSignal();
      assertThatThrownBy(
              () ->
                  ExperimentService.run(
                      experiment, broken, false, List.of(Runs.stopAfter(step, stop)), stop))
          .isInstanceOf(RunInterruptedException.class);
      ExperimentService.run(experiment, broken, true, List.of(), new StopSignal());
      assertSame(broken, unbroken);
    }
    Path broken = temp.resolve("broken");
    assertThat(Runs.broken(experiment, broken, new Random(3))).isGreaterThan(2);
    assertSame(broken, unbroken);
  }

  static void assertSame(Path broken, Path unbroken) {
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(TrainedNetwork.load(broken).state().values())
        .isEqualTo(TrainedNetwork.load(unbroken).state().values());
  }

  @Test
  void theScalarsFollowTheirSchedules() {
    Watch watch = new Watch();
    Runs.run(
        experiment(
            "ghosts { until_epoch: 3 soft_neurons { swish { beta_start: 2 beta_end: 16 } }"
                + " skips { alpha: 0.5 fade_epochs: 2 } }"),
        temp.resolve("run"),
        watch);
    List<Float> betas = new ArrayList<>();
    List<Float> alphas = new ArrayList<>();
    for (long step : new long[] {1, 6, 7, 12, 13, 18}) {
      betas.add(watch.states.get(step).get(GhostForm.NEURON).values()[0]);
      alphas.add(watch.states.get(step).get(GhostForm.SKIP).values()[0]);
    }
    assertThat(betas).containsExactly(2f, 2f, 4f, 4f, 8f, 8f);
    assertThat(alphas).containsExactly(.5f, .5f, .25f, .25f, 0f, 0f);
  }

  @Test
  void stepByStepTheyMoveEveryStep() {
    Stage stage =
        experiment(
                "ghosts { until_epoch: 2 per: STEP soft_neurons { mish {} } skips { cosine {} } }")
            .getStages(0);
    GhostSchedule schedule = new GhostSchedule(stage);
    assertThat(scalar(schedule.at(0, 0, 6), GhostForm.NEURON)).isZero();
    assertThat(scalar(schedule.at(0, 3, 6), GhostForm.NEURON)).isCloseTo(.25, within(1e-7));
    assertThat(scalar(schedule.at(1, 3, 6), GhostForm.NEURON)).isCloseTo(.75, within(1e-7));
    assertThat(scalar(schedule.at(0, 0, 6), GhostForm.SKIP)).isEqualTo(1);
    assertThat(scalar(schedule.at(1, 0, 6), GhostForm.SKIP)).isCloseTo(.5, within(1e-7));
    assertThat(scalar(schedule.at(2, 0, 6), GhostForm.SKIP)).isCloseTo(0, within(1e-7));
  }

  private static double scalar(Map<String, HostTensor> scalars, String name) {
    return scalars.get(name).values()[0];
  }

  /** An epoch that was measured with ghosts is none of the network that is delivered. */
  @Test
  void theBestEpochIsOneOfThePlainNetwork() {
    Path directory = temp.resolve("run");
    Set<Integer> kept = new HashSet<>();
    Runs.run(
        Tiny.experiment(
            STAGE.formatted("ghosts { until_epoch: 3 soft_neurons {} }"),
            "checkpoints.every_steps=0",
            "checkpoints.keep_last=1"),
        directory,
        new Listener() {
          @Override
          public void epochDone(Moment moment, EpochMetrics metrics) {
            Progress progress = moment.progress();
            assertThat(progress.best()).isEqualTo(progress.epoch() <= 3 ? -1 : progress.accuracy());
            try (var files = Files.list(directory.resolve("checkpoints"))) {
              kept.add((int) files.count());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
    assertThat(kept).containsExactly(1);
  }

  /** Also while the training is with smoothed labels. */
  @Test
  void evaluationDoesNotSmooth() {
    List<Double> losses = new ArrayList<>();
    Path directory = temp.resolve("run");
    Runs.run(
        experiment("label_smoothing: 0.5 label_smoothing_form: OTHER_CLASSES"),
        directory,
        new Listener() {
          @Override
          public void evaluated(Moment moment, Evaluation evaluation) {
            losses.add(evaluation.loss());
          }
        });
    ExperimentParts parts = ExperimentParts.open(experiment(""));
    State last = TrainedNetwork.load(directory).state();
    try (InferenceGraph graph = InferenceGraph.open(parts, last, parts.experiment().getRuntime());
        var images = parts.evaluationImages()) {
      assertThat(losses.get(3)).isCloseTo(graph.evaluate(images.batches()).loss(), within(1e-6));
    }
  }

  /** Bytes as characters. */
  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatIsExportedHasNoTraceOfThem() throws IOException {
    Path directory = temp.resolve("run");
    Experiment experiment =
        experiment(BOTH).toBuilder().setExport(Export.getDefaultInstance()).build();
    Runs.run(experiment, directory);
    Path model = directory.resolve("saved_model/1");
    String graph = text(model.resolve("saved_model.pb"));
    assertThat(graph).contains("layer1/0/conv1", "Relu").doesNotContain("ghost", "Sigmoid");
    assertThat(text(model.resolve("variables/variables.index"))).doesNotContain("ghost");
    TrainedNetwork network = TrainedNetwork.load(directory);
    List<String> parameters =
        ExperimentParts.open(experiment("")).summary().parameters().stream()
            .map(Parameter::name)
            .toList();
    assertThat(parameters).noneMatch(n -> n.contains("ghost"));
    assertThat(network.state().values().keySet()).containsAll(parameters);
    assertThat(network.state().values().keySet()).noneMatch(n -> n.contains("ghost"));
  }
}
