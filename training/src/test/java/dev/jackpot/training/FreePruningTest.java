package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;
import dev.jackpot.pruning.FreeThreshold;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.NetworkGradients.Sample;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Free pruning of a real network: batch norm, masks, a loss that was not made for the test. */
class FreePruningTest {
  private static final Sample CALIBRATION = new Sample(2, 32, 5, 1);
  private static final double DELTA = 0.02;

  @TempDir static Path temp;
  private static ExperimentParts parts;
  private static Scored network;

  /** A network that has learned something, every fourth weight pruned. */
  @BeforeAll
  static void train() {
    Experiment experiment =
        Tiny.experiment(
            """
            stages {
              train {} epochs: 6 batch_size: 16
              learning_rate { initial: 0.05 } optimizer { sgd {} }
            }
            """);
    Runs.run(experiment, temp.resolve("run"));
    parts = ExperimentParts.open(experiment);
    State state = TrainedNetwork.load(temp.resolve("run")).state();
    Map<String, HostTensor> masks = new LinkedHashMap<>();
    for (Parameter kernel : parts.summary().kernels()) {
      boolean[] kept = new boolean[kernel.size()];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = i % 4 > 0;
      }
      masks.put(kernel.mask(), Mask.of(kernel.shape(), kept).toTensor());
    }
    network = new Scored(parts.network(), parts.spec(), parts.summary(), state.with(masks));
  }

  private static FreePruning open(Sample sample) {
    Set<String> masked =
        network.kernels().stream().map(Parameter::name).collect(Collectors.toSet());
    return FreePruning.open(parts, network.kernels(), masked, sample);
  }

  /** The state with the live weights below a threshold really pruned. */
  private static State without(Scored scored, float threshold) {
    Map<String, HostTensor> masks = new LinkedHashMap<>();
    for (Parameter kernel : scored.kernels()) {
      Mask mask = scored.state().mask(kernel).orElseThrow();
      float[] weights = scored.weights(kernel.name());
      boolean[] kept = new boolean[weights.length];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = mask.kept(i) && Math.abs(weights[i]) >= threshold;
      }
      masks.put(kernel.mask(), Mask.of(kernel.shape(), kept).toTensor());
    }
    return scored.state().with(masks);
  }

  @Test
  void theBoundHoldsAndTheNextMagnitudeBreaksIt() {
    try (FreePruning pruning = open(CALIBRATION)) {
      FreeThreshold found = pruning.find(network.state(), DELTA);
      assertThat(found.share()).isBetween(0.001, 0.999);
      assertThat(found.lossAfter() - found.loss()).isLessThanOrEqualTo(DELTA);
      assertThat(found.lossBeyond() - found.loss()).isGreaterThan(DELTA);

      // measured anew, by masks instead of the threshold
      State pruned = without(network, found.threshold());
      long gone =
          network.kernels().stream()
              .mapToLong(
                  k ->
                      network.state().mask(k).orElseThrow().kept()
                          - pruned.mask(k).orElseThrow().kept())
              .sum();
      assertThat(found.removed()).isEqualTo(gone);
      pruning.assign(pruned);
      assertThat(pruning.loss(0)).isCloseTo(found.lossAfter(), within(1e-6));
      float next = next(found.threshold());
      pruning.assign(without(network, next));
      assertThat(pruning.loss(0)).isCloseTo(found.lossBeyond(), within(1e-6));

      // the graph serves other states, and the same one again
      assertThat(pruning.find(pruned, DELTA).loss()).isCloseTo(found.lossAfter(), within(1e-6));
      assertThat(pruning.find(network.state(), DELTA)).isEqualTo(found);
    }
  }

  private static float next(float threshold) {
    float next = Float.POSITIVE_INFINITY;
    for (Parameter kernel : network.kernels()) {
      Mask mask = network.state().mask(kernel).orElseThrow();
      float[] weights = network.weights(kernel.name());
      for (int i = 0; i < weights.length; i++) {
        float magnitude = Math.abs(weights[i]);
        if (mask.kept(i) && magnitude > threshold) {
          next = Math.min(next, magnitude);
        }
      }
    }
    return next;
  }

  @Test
  void aSecondGraphFindsTheSame() {
    try (FreePruning one = open(CALIBRATION);
        FreePruning other = open(CALIBRATION)) {
      assertThat(one.find(network.state(), DELTA)).isEqualTo(other.find(network.state(), DELTA));
    }
  }

  /** A layer that has died can go: its weights are small, and nothing reads them. */
  @Test
  void shedWeightsAreFree() {
    Parameter dying = network.kernels().get(3);
    float[] small = network.weights(dying.name()).clone();
    for (int i = 0; i < small.length; i++) {
      small[i] *= 1e-6f;
    }
    // its batch norm scales it back; without that it is gone for good
    Map<String, HostTensor> shed = new LinkedHashMap<>();
    shed.put(dying.name(), new HostTensor(dying.shape(), small));
    String layer = dying.name().substring(0, dying.name().lastIndexOf('/'));
    network.summary().parameters().stream()
        .filter(p -> p.role() == Role.GAMMA)
        .filter(p -> p.name().startsWith(layer.replace("conv", "bn")))
        .forEach(p -> shed.put(p.name(), HostTensor.filled(p.shape(), 0)));
    assertThat(shed).hasSize(2);
    Scored scored = network.with(shed);
    try (FreePruning pruning = open(CALIBRATION)) {
      FreeThreshold found = pruning.find(scored.state(), 0);
      assertThat(found.removed())
          .isGreaterThanOrEqualTo(scored.state().mask(dying).orElseThrow().kept());
    }
  }

  @Test
  void moreBatchesThanThereAre() {
    assertThatThrownBy(() -> open(new Sample(4, 32, 5, 1)))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "free pruning: found 4 calibration batches; expected at most the 3 that the training"
                + " images make");
  }
}
