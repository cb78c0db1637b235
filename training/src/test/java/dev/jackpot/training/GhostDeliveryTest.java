package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Export;
import dev.jackpot.graph.GhostForm;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.training.run.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ghosts leave: the network's own counts, its own checkpoints, its own masks. */
class GhostDeliveryTest {
  @TempDir Path temp;

  @Test
  void theResultCountsThePlainNetwork() {
    Result plain = Runs.run(GhostsTest.experiment(""), temp.resolve("plain"));
    Result ghosts = Runs.run(GhostsTest.experiment(GhostsTest.BOTH), temp.resolve("run"));
    assertThat(ghosts.parameters()).isEqualTo(plain.parameters()).isPositive();
    assertThat(ghosts.nonzero()).isEqualTo(plain.nonzero()).isPositive();
    assertThat(ghosts.flopsDense()).isEqualTo(plain.flopsDense()).isPositive();
    assertThat(ghosts.flopsSparse()).isEqualTo(plain.flopsSparse()).isPositive();
    assertThat(ghosts.kernels()).isEqualTo(plain.kernels());
    assertThat(ghosts.sparsity()).isEqualTo(plain.sparsity()).isGreaterThan(.7);
  }

  /** It holds ghosts with weights that have been trained; none of them is used. */
  @Test
  void aCheckpointFromBeforeTheHandOverIsThePlainNetwork() throws IOException {
    Path directory = temp.resolve("run");
    StopSignal stop = new StopSignal();
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    GhostsTest.experiment(GhostsTest.BOTH),
                    directory,
                    false,
                    List.of(Runs.stopAfter(8, stop)),
                    stop))
        .isInstanceOf(RunInterruptedException.class);
    TrainedNetwork early = TrainedNetwork.load(directory);
    assertThat(early.state().values()).containsKeys(GhostForm.NEURON, GhostForm.SKIP);
    Map<String, HostTensor> own = new LinkedHashMap<>(early.state().values());
    own.keySet().removeIf(name -> name.contains("ghost/"));
    TrainedNetwork plain = new TrainedNetwork(early.parts(), new State(own));
    assertThat(early.evaluate()).isEqualTo(plain.evaluate());
    assertThat(early.logits(8)).isEqualTo(plain.logits(8));
    Path model = temp.resolve("model").resolve("1");
    early.export(model, Export.getDefaultInstance());
    assertThat(Files.readString(model.resolve("saved_model.pb"), StandardCharsets.ISO_8859_1))
        .contains("layer1/0/conv1", "Relu")
        .doesNotContain("ghost", "Sigmoid");
  }

  private static final String SCHEDULED =
      """
      stages {
        name: "sparse"
        sparse_train {
          prune { sparsity: 0.4 }
          schedule { to { sparsity: 0.8 } linear {} begin: 0 end: 18 interval: 6 per: STEP }
        }
        epochs: 4 batch_size: 16
        learning_rate { initial: 0.05 constant {} }
        optimizer { sgd { momentum: 0.9 } }
        ghosts { until_epoch: 2 soft_neurons {} skips {} }
      }
      """;

  /** Before step 7, at the hand-over (before step 13) and before step 19. */
  @Test
  void aScheduleGoesOnOverTheHandOver() {
    Experiment experiment = Tiny.experiment(SCHEDULED, "checkpoints.every_steps=0");
    GhostsTest.Watch watch = new GhostsTest.Watch();
    Path unbroken = temp.resolve("unbroken");
    Runs.run(experiment, unbroken, watch);
    List<Parameter> kernels = ExperimentParts.open(experiment).summary().kernels();
    List<Long> pruned = new ArrayList<>();
    for (long step : new long[] {6, 7, 12, 13, 18, 19, 24}) {
      pruned.add(pruned(watch.states.get(step), kernels));
    }
    assertThat(pruned.get(0)).isLessThan(pruned.get(1));
    assertThat(pruned.get(1)).isEqualTo(pruned.get(2)).isLessThan(pruned.get(3));
    assertThat(pruned.get(3)).isEqualTo(pruned.get(4)).isLessThan(pruned.get(5));
    assertThat(pruned.get(5)).isEqualTo(pruned.get(6));
    assertThat(watch.ghosts(12)).isNotEmpty();
    assertThat(watch.ghosts(13)).isEmpty();
    // stopped where both come next
    Path broken = temp.resolve("broken");
    StopSignal stop = new StopSignal();
    assertThatThrownBy(
            () ->
                ExperimentService.run(
                    experiment, broken, false, List.of(Runs.stopAfter(12, stop)), stop))
        .isInstanceOf(RunInterruptedException.class);
    ExperimentService.run(experiment, broken, true, List.of(), new StopSignal());
    GhostsTest.assertSame(broken, unbroken);
  }

  /** How many weights are; those, and their momentum, are 0. */
  private static long pruned(State state, List<Parameter> kernels) {
    long pruned = 0;
    for (Parameter kernel : kernels) {
      Mask mask = state.mask(kernel).orElse(null);
      if (mask == null) {
        continue;
      }
      float[] weights = state.get(kernel.name()).values();
      float[] momentum = state.get(kernel.name() + "/momentum").values();
      for (int i = 0; i < weights.length; i++) {
        if (!mask.kept(i)) {
          assertThat(weights[i]).isZero();
          assertThat(momentum[i]).isZero();
        }
      }
      pruned += mask.pruned();
    }
    return pruned;
  }
}
