package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Counts;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.MaskSelection;
import dev.jackpot.pruning.Masks;
import dev.jackpot.training.run.Metrics;
import dev.jackpot.training.run.PruningLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

/** Training under masks that stay or shrink, on the tiny data: 6 steps an epoch. */
class SparseTrainStageTest {
  private static final String STAGE =
      """
      stages {
        name: "sparse" sparse_train { %s } epochs: 3 batch_size: 16
        learning_rate { initial: 0.1 constant {} }
        optimizer { sgd { momentum: 0.9 nesterov: true } }
        weight_decay { kernels: 0.01 batch_norm: 0.01 biases: 0.01 }
      }
      """;

  @TempDir Path temp;

  /** Checks every step that what is pruned is 0, and notes how much that is. */
  private static final class Watch implements Listener {
    final List<Long> pruned = new ArrayList<>();
    private final List<Parameter> kernels = kernels();
    private Map<String, Mask> before = Map.of();

    @Override
    public void stepDone(Moment moment, StepResult result) {
      State state = moment.graph().state();
      Map<String, Mask> masks = state.masks(kernels);
      masks.forEach(
          (name, mask) -> {
            HostTensor slot = state.get(name + "/momentum");
            for (int i = 0; i < mask.size(); i++) {
              if (!mask.kept(i)) {
                assertThat(state.get(name).values()[i]).as(name).isZero();
                assertThat(slot.values()[i]).as(name + "/momentum").isZero();
              }
              if (before.containsKey(name)) {
                assertThat(mask.kept(i) && !before.get(name).kept(i)).isFalse();
              }
            }
          });
      before = masks;
      pruned.add(masks.values().stream().mapToLong(Mask::pruned).sum());
    }

    long size() {
      return kernels.stream()
          .filter(k -> before.containsKey(k.name()))
          .mapToLong(Parameter::size)
          .sum();
    }
  }

  private static Experiment experiment(String options) {
    return Tiny.experiment(STAGE.formatted(options), "checkpoints.every_steps=0");
  }

  @Test
  void prunedWeightsStayExactlyZeroWithMomentumNesterovAndDecay() {
    Watch watch = new Watch();
    Runs.run(experiment("prune { sparsity: 0.9 }"), temp.resolve("run"), watch);
    assertThat(watch.pruned).hasSize(18).allMatch(p -> p == Counts.pruned(0.9, watch.size()));
    Path file = temp.resolve("run/masks/sparse.masks");
    Watch same = new Watch();
    Path again = temp.resolve("again");
    Runs.run(experiment("file: \"%s\"".formatted(file)), again, same);
    assertThat(same.pruned).isEqualTo(watch.pruned);
    assertThat(MaskFiles.open(again.resolve("masks/sparse.masks")).masks())
        .isEqualTo(MaskFiles.open(file).masks());
  }

  @Test
  void masksOfAFileTakeThePlaceOfAllThereAre() {
    Path file = temp.resolve("layer3.masks");
    Map<String, Mask> last = new LinkedHashMap<>();
    for (Parameter kernel : kernels()) {
      if (kernel.name().startsWith("layer3/")) {
        last.put(kernel.name(), MaskSelection.topK(kernel.shape(), new float[kernel.size()], 5));
      }
    }
    MaskFiles.write(file, new Masks(last), MaskProvenance.getDefaultInstance());
    Path directory = temp.resolve("run");
    Runs.run(
        Tiny.experiment(
            "stages { prune { sparsity: 0.5 } }" + STAGE.formatted("file: \"%s\"".formatted(file))),
        directory);
    assertThat(TrainedNetwork.load(directory).state().masks(kernels())).isEqualTo(last);
  }

  @Test
  void aSearchMasksNoKernelButItsOwn() {
    Path directory = temp.resolve("run");
    Runs.run(
        Tiny.experiment(
            "stages { prune { sparsity: 0.5 } }"
                + Tiny.SEARCH.replace("sparsity: 0.8", "prunable { dense: \"layer3/.*\" }")),
        directory);
    assertThat(TrainedNetwork.load(directory).state().masks(kernels()).keySet())
        .isNotEmpty()
        .noneMatch(name -> name.startsWith("layer3/"));
  }

  private static List<Parameter> kernels() {
    return Tiny.parts(Tiny.TRAIN).summary().kernels();
  }

  @Test
  void masksThatDoNotFitTheNetworkAreAllFoundBeforeTheRun() {
    Path file = temp.resolve("other.masks");
    Map<String, Mask> masks = new LinkedHashMap<>();
    masks.put("conv1/kernel", Mask.full(Shape.of(3, 3, 3, 5)));
    masks.put("layer1/0/conv1/kernel", Mask.full(Shape.of(3, 3, 4, 4)));
    masks.put("layer1/0/conv3/kernel", Mask.full(Shape.of(3, 3, 4, 4)));
    MaskFiles.write(file, new Masks(masks), MaskProvenance.getDefaultInstance());
    Path directory = temp.resolve("run");
    assertThatThrownBy(() -> Runs.run(experiment("file: \"%s\"".formatted(file)), directory))
        .isInstanceOf(ConfigException.class)
        .extracting(e -> ((ConfigException) e).problems(), list(String.class))
        .hasSize(2)
        .anyMatch(
            p ->
                p.contains("other.masks: found a mask of shape [3, 3, 3, 5] for \"conv1/kernel\"")
                    && p.endsWith("expected [3, 3, 3, 4]"))
        .anyMatch(
            p ->
                p.contains("found a mask for \"layer1/0/conv3/kernel\", expected kernels of")
                    && p.contains("layer1/0/conv2/kernel"));
    assertThat(directory).doesNotExist();
  }

  /** θ(T) ⊙ M, trained on at the last rate. */
  @Test
  void fineTuningKeepsTheWeightsAndTheLastRate() {
    Path directory = temp.resolve("run");
    retrained("constant {}", 0.0005, directory);
    assertThat(rates(directory).get("again")).containsExactly(0.0005, 0.0005, 0.0005);
  }

  /**
   * Trains five epochs, prunes half, trains three more under the masks, and holds the first state
   * of these against the dense network's last one.
   */
  private static void retrained(String schedule, double rate, Path directory) {
    Experiment experiment =
        Tiny.experiment(
            """
            stages {
              name: "dense" train {} epochs: 5 batch_size: 16
              learning_rate { initial: 0.05 step { epochs: [2, 4] } }
            }
            stages { prune { sparsity: 0.5 } }
            stages {
              name: "again" sparse_train {} epochs: 3 batch_size: 16
              learning_rate { initial: %s %s }
            }
            stages { name: "kept" rewind { to: "again@epoch 0" } }
            """
                .formatted(rate, schedule));
    Map<String, State> states = new LinkedHashMap<>();
    Runs.run(
        experiment,
        directory,
        new Listener() {
          @Override
          public void prepared(String stage, Progress progress, State state) {
            states.put(stage, state);
          }

          @Override
          public void stageDone(Moment moment) {
            states.put(moment.stage(), moment.graph().state());
          }
        });
    State dense = states.get("dense");
    State first = states.get("kept");
    for (Parameter p : Tiny.parts(Tiny.TRAIN).summary().parameters()) {
      HostTensor theta = dense.get(p.name());
      HostTensor expected =
          states.get("prune").mask(p).map(m -> State.masked(theta, m)).orElse(theta);
      assertThat(first.get(p.name())).as(p.name()).isEqualTo(expected);
    }
    assertThat(states.get("again").get("linear/kernel")).isNotEqualTo(dense.get("linear/kernel"));
  }

  private static Map<String, List<Double>> rates(Path directory) {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    Metrics.read(directory.resolve("metrics.jsonl"))
        .forEach(
            m -> rates.computeIfAbsent(m.stage(), s -> new ArrayList<>()).add(m.learningRate()));
    return rates;
  }

  @Test
  void stepsBehindTheEndAndFilesThatAreNotThereAreFoundBeforeTheRun() {
    Path directory = temp.resolve("run");
    assertThatThrownBy(
            () -> Runs.run(experiment("schedule { to {} linear {} end: 18 per: STEP }"), directory))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "stages.sparse.sparse_train.schedule.end: found 18, expected a step before the stage's"
                + " end, 18");
    assertThatThrownBy(() -> Runs.run(experiment("file: \"nope.masks\""), directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nope.masks");
    assertThatThrownBy(
            () ->
                Runs.run(
                    Tiny.experiment(
                        STAGE.formatted("") + "stages { rewind { to: \"sparse@step 19\" } }"),
                    directory))
        .isInstanceOf(ConfigException.class)
        .hasMessage("found \"sparse@step 19\", expected a step from 0 to the stage's 18");
    assertThat(directory).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // pruned shares of N after steps 1 … 18; N is the watch's
        "one_shot {} begin: 1 | 6*0 12*1",
        "linear {} begin: 4 end: 16 interval: 4 per: STEP | 4*0 4*0 4*1/3 4*2/3 2*1",
        "cubic {} begin: 0 end: 2 | 6*0 6*7/8 6*1",
      })
  void eventsChangeTheMasksBeforeTheirStep(String schedule, String shares) {
    Watch watch = new Watch();
    Path directory = temp.resolve("run");
    Runs.run(experiment("schedule { to { sparsity: 0.8 } " + schedule + " }"), directory, watch);
    long last = Counts.pruned(0.8, watch.size());
    List<Long> expected = new ArrayList<>();
    for (String part : shares.trim().split(" ")) {
      String[] run = part.split("[*/]");
      long above = Long.parseLong(run[1]);
      long below = run.length > 2 ? Long.parseLong(run[2]) : 1;
      for (int i = 0; i < Integer.parseInt(run[0]); i++) {
        expected.add(last * above / below);
      }
    }
    assertThat(watch.pruned).isEqualTo(expected);
    List<Double> sparsity =
        Metrics.read(directory.resolve("metrics.jsonl")).stream().map(m -> m.sparsity()).toList();
    assertThat(sparsity)
        .containsExactly(
            (double) expected.get(5) / watch.size(),
            (double) expected.get(11) / watch.size(),
            (double) expected.get(17) / watch.size());
  }

  @Test
  void aScheduleBrokenAtRandomStepsEndsInTheSameBits() {
    Experiment experiment =
        experiment(
            "prune { sparsity: 0.1 } schedule { to { sparsity: 0.9 } cubic {} begin: 1 end: 15"
                + " interval: 2 per: STEP }");
    Path unbroken = temp.resolve("unbroken");
    Watch watch = new Watch();
    Runs.run(experiment, unbroken, watch);
    assertThat(watch.pruned.get(0)).isEqualTo(Counts.pruned(0.1, watch.size()));
    assertThat(watch.pruned.get(17)).isEqualTo(Counts.pruned(0.9, watch.size()));
    Path broken = temp.resolve("broken");
    assertThat(Runs.broken(experiment, broken, new Random(3))).isGreaterThan(2);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(unbroken));
    assertThat(PruningLog.read(broken.resolve("pruning.jsonl")))
        .hasSize(7)
        .isEqualTo(PruningLog.read(unbroken.resolve("pruning.jsonl")));
    assertThat(TrainedNetwork.load(broken).state().values())
        .isEqualTo(TrainedNetwork.load(unbroken).state().values());
  }

  @Test
  void learningRateRewindingKeepsTheWeightsAndTakesTheEarlierRates() {
    Path directory = temp.resolve("run");
    retrained("step { epochs: [2, 4] } start_epoch: 2", 0.05, directory);
    Map<String, List<Double>> rates = rates(directory);
    assertThat(rates.get("again")).isEqualTo(rates.get("dense").subList(2, 5));
  }
}
