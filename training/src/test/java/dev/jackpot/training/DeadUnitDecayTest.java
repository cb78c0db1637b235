package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SheddingLog;
import dev.jackpot.training.run.SheddingMeasurement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.types.TFloat32;

/**
 * A unit whose outgoing weights are all cut gets no gradient: weight decay alone moves what makes
 * it. Whole stages on the tiny data, 6 steps an epoch.
 */
class DeadUnitDecayTest {
  private static final String KERNEL = "layer1/0/conv1/kernel";
  private static final String READER = "layer1/0/conv2/kernel";
  private static final String NORM = "layer1/0/bn1/";
  private static final int UNIT = 2;
  private static final int EPOCHS = 10;
  private static final int STEPS = 6;

  private static final String STAGE =
      """
      stages {
        name: "cut" sparse_train { file: "%s" } epochs: 10 batch_size: 16
        learning_rate { initial: 0.1 constant {} }
        weight_decay { kernels: 0.05 batch_norm: 0.05 }
        shedding { relative: [0.1] batch_size: 16 }
      }
      """;

  @TempDir Path temp;

  /** The values at the stage's start and after each epoch. */
  private static final class States implements Listener {
    final List<State> all = new ArrayList<>();

    @Override
    public void stageStarted(Moment moment) {
      all.add(moment.graph().state());
    }

    @Override
    public void epochDone(Moment moment, EpochMetrics metrics) {
      all.add(moment.graph().state());
    }
  }

  private List<State> run(Path directory, String... sets) {
    Path file = temp.resolve("cut.masks");
    Parameter reader =
        Tiny.parts(Tiny.TRAIN).summary().kernels().stream()
            .filter(k -> k.name().equals(READER))
            .findFirst()
            .orElseThrow();
    boolean[] kept = new boolean[reader.size()];
    // [height, width, in, out]
    int out = (int) reader.shape().get(3);
    int in = (int) reader.shape().get(2);
    for (int i = 0; i < kept.length; i++) {
      kept[i] = i / out % in != UNIT;
    }
    MaskFiles.write(
        file,
        new Masks(Map.of(READER, Mask.of(reader.shape(), kept))),
        MaskProvenance.getDefaultInstance());
    States states = new States();
    Runs.run(Tiny.experiment(STAGE.formatted(file), sets), directory, states);
    return states.all;
  }

  /** The unit's incoming weights, its γ and its β. */
  private static float[] unit(State state) {
    float[] kernel = state.get(KERNEL).values();
    int filters = state.get(NORM + "gamma").values().length;
    float[] unit = new float[kernel.length / filters + 2];
    for (int i = 0; i < unit.length - 2; i++) {
      unit[i] = kernel[i * filters + UNIT];
    }
    unit[unit.length - 2] = state.get(NORM + "gamma").values()[UNIT];
    unit[unit.length - 1] = state.get(NORM + "beta").values()[UNIT];
    return unit;
  }

  /** v ← μ v + λ w, w ← w − η v, from rest: by which factor w has changed after some steps. */
  private static double decayed(double rate, double decay, double momentum, int steps) {
    double w = 1;
    double v = 0;
    for (int i = 0; i < steps; i++) {
      v = momentum * v + decay * w;
      w -= rate * v;
    }
    return w;
  }

  /** z: the factor of a step once the momentum has settled. */
  private static double factor(double rate, double decay, double momentum) {
    double sum = 1 + momentum - rate * decay;
    return (sum + Math.sqrt(sum * sum - 4 * momentum)) / 2;
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0.005, 0.9", "0.1, 0.05, 0", "0.05, 0.02, 0.5"})
  void whatMakesACutUnitDecaysAsTheRecursionSays(double rate, double decay, double momentum) {
    Path directory = temp.resolve("run");
    List<State> states =
        run(
            directory,
            "stages.cut.learning_rate.initial=" + rate,
            "stages.cut.weight_decay={ kernels: %s batch_norm: %s }".formatted(decay, decay),
            "stages.cut.optimizer={ sgd { momentum: %s } }".formatted(momentum));
    float[] start = unit(states.get(0));
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      float[] now = unit(states.get(epoch));
      double expected = decayed(rate, decay, momentum, epoch * STEPS);
      for (int i = 0; i < start.length; i++) {
        assertThat((double) now[i])
            .as("epoch %d, value %d", epoch, i)
            .isCloseTo(expected * start[i], within(1e-5 * Math.abs(start[i])));
      }
    }
    double last = (double) unit(states.get(EPOCHS))[0] / unit(states.get(EPOCHS - 1))[0];
    assertThat(last).isCloseTo(Math.pow(factor(rate, decay, momentum), STEPS), within(2e-3));
    // what is not cut off learns
    assertThat(states.get(1).get(KERNEL).values()[0] / states.get(0).get(KERNEL).values()[0])
        .isNotCloseTo((float) decayed(rate, decay, momentum, STEPS), within(1e-4f));
  }

  /** Weights of the kernel below a share of their filter's root mean square at the start. */
  private static long byFilter(State start, State now, double epsilon) {
    float[] then = start.get(KERNEL).values();
    float[] values = now.get(KERNEL).values();
    int filters = (int) start.get(KERNEL).shape().get(-1);
    double[] squares = new double[filters];
    for (int i = 0; i < then.length; i++) {
      squares[i % filters] += (double) then[i] * then[i];
    }
    long shed = 0;
    for (int i = 0; i < values.length; i++) {
      double rms = Math.sqrt(squares[i % filters] * filters / then.length);
      shed += Math.abs(values[i]) < epsilon * rms ? 1 : 0;
    }
    return shed;
  }

  @Test
  void theMonitorSeesThemGo() {
    Path directory = temp.resolve("run");
    List<State> states =
        run(
            directory,
            "stages.cut.weight_decay={ kernels: 0.25 batch_norm: 0.25 }",
            "stages.cut.optimizer={ sgd { momentum: 0.5 } }");
    List<SheddingMeasurement> lines = SheddingLog.read(RunDirectory.open(directory).shedding());
    assertThat(lines).hasSize(EPOCHS + 1);
    int kernel = 1;
    assertThat(lines.get(0).layers().get(kernel).kernel()).isEqualTo(KERNEL);
    float[] start = unit(states.get(0));
    double squares = 0;
    for (int i = 0; i < start.length - 2; i++) {
      squares += (double) start[i] * start[i];
    }
    double limit = 0.1 * Math.sqrt(squares / (start.length - 2));
    for (int epoch = 0; epoch <= EPOCHS; epoch++) {
      double left = decayed(0.1, 0.25, 0.5, epoch * STEPS);
      long shed = 0;
      for (int i = 0; i < start.length - 2; i++) {
        shed += Math.abs(left * start[i]) < limit ? 1 : 0;
      }
      assertThat(lines.get(epoch).layers().get(kernel).shed().byFilter().get(0))
          .as("epoch %d", epoch)
          .isGreaterThanOrEqualTo(shed)
          .isEqualTo(byFilter(states.get(0), states.get(epoch), 0.1));
    }
    // what is cut off is not all there is: a monitor that calls everything shed is wrong
    assertThat(lines.get(0).layers().get(kernel).shed().byFilter().get(0))
        .isLessThan(lines.get(0).layers().get(kernel).size() / 2);
    // a twenty-sixth of them is left: nearly all are below a tenth of what they were
    assertThat(lines.get(EPOCHS).layers().get(kernel).shed().byFilter().get(0))
        .isGreaterThanOrEqualTo(32);
    assertThat(lines.get(EPOCHS).pruned()).isEqualTo(36);
    // the unit, and its 36 incoming weights
    for (SheddingMeasurement line : lines) {
      assertThat(line.layers().get(kernel).deaths().units()).isEqualTo(1);
      assertThat(line.layers().get(kernel).deaths().weights()).isEqualTo(36);
      assertThat(line.layers().get(kernel + 1).deaths().units()).isZero();
    }
  }

  @Test
  void withoutDecayTheyStayBitIdentical() {
    List<State> states =
        run(
            temp.resolve("run"),
            "stages.cut.weight_decay={ kernels: 0 batch_norm: 0 }",
            "stages.cut.epochs=2");
    assertThat(unit(states.get(2))).isEqualTo(unit(states.get(0)));
    assertThat(states.get(2).get(KERNEL)).isNotEqualTo(states.get(0).get(KERNEL));
  }

  /** The rate must be above 0; at this one no float moves. */
  @Test
  void withoutARateNothingIsShed() {
    Path directory = temp.resolve("run");
    List<State> states =
        run(directory, "stages.cut.learning_rate.initial=1e-30", "stages.cut.epochs=2");
    assertThat(states.get(2).get(KERNEL)).isEqualTo(states.get(0).get(KERNEL));
    List<SheddingMeasurement> lines = SheddingLog.read(RunDirectory.open(directory).shedding());
    for (SheddingMeasurement line : lines) {
      assertThat(line.total().relative()).isEqualTo(lines.get(0).total().relative());
      assertThat(line.total().byFilter()).isEqualTo(lines.get(0).total().byFilter());
      assertThat(line.total().global()).isEqualTo(lines.get(0).total().global());
      assertThat(line.kept()).allMatch(k -> k.first() == 1);
    }
  }

  /** A filter before a norm times c: the same loss, its gradient over c. */
  @Test
  void aFilterBeforeANormHasNoScaleOfItsOwn() {
    ExperimentParts parts = Tiny.parts(Tiny.TRAIN, "network.batch_norm.epsilon=1e-9");
    State state = StartingValues.of(parts);
    int filters = state.get(NORM + "gamma").values().length;
    float c = 4;
    float[] scaled = state.get(KERNEL).values().clone();
    for (int i = UNIT; i < scaled.length; i += filters) {
      scaled[i] *= c;
    }
    State larger = state.with(Map.of(KERNEL, new HostTensor(state.get(KERNEL).shape(), scaled)));
    Sample sample = new Sample(1, 32, 1, 1);
    List<Parameter> kernels = parts.summary().kernels();
    try (FreePruning losses = FreePruning.open(parts, kernels, Set.of(), sample)) {
      losses.assign(state);
      double before = losses.loss(0);
      losses.assign(larger);
      assertThat(losses.loss(0)).isCloseTo(before, within(1e-5 * before));
    }
    double[] small = gradient(parts, state, sample);
    double[] large = gradient(parts, larger, sample);
    double size = Math.sqrt(Arrays.stream(small).map(g -> g * g).sum() / small.length);
    for (int i = 0; i < small.length; i++) {
      double expected = i % filters == UNIT ? small[i] / c : small[i];
      assertThat(large[i]).isCloseTo(expected, within(1e-4 * size));
    }
  }

  private static double[] gradient(ExperimentParts parts, State state, Sample sample) {
    Parameter kernel =
        parts.summary().kernels().stream()
            .filter(k -> k.name().equals(KERNEL))
            .findFirst()
            .orElseThrow();
    List<double[]> gradients = new ArrayList<>();
    try (GradientGraph<TFloat32> graph =
            GradientGraph.at(
                TFloat32.class,
                parts.network(),
                parts.spec(),
                state,
                List.of(kernel),
                1,
                parts.experiment().getRuntime());
        Batches batches = parts.sampleBatches(sample);
        BatchStream stream = batches.open(0, 0);
        Batch batch = stream.next()) {
      graph.run(batch.images(), batch.labels(), 0, (i, g) -> gradients.add(g));
    }
    return gradients.get(0);
  }
}
