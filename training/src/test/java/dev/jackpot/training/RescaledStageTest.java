package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.graph.Parameter;
import dev.jackpot.training.run.RescaleRecord;
import dev.jackpot.training.run.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages whose parameters are rescaled before their first step. */
class RescaledStageTest {
  private static final String STAGES =
      """
      stages { name: "mask" prune { sparsity: 0.8 criterion { random {} } allocation { erk {} } } }
      stages {
        name: "sparse" sparse_train {} epochs: 1 batch_size: 16
        learning_rate { initial: 0.05 constant {} }
        rescale { %s }
      }
      """;

  private static final String LOOK_AHEAD = "look_ahead { iterations: 4 batch_size: 8 gamma: 3 }";

  @TempDir Path temp;

  private static Experiment experiment(String rule) {
    return Tiny.experiment(STAGES.formatted(rule));
  }

  /** The state before the first step is what the mask stage left, times the factors told. */
  @Test
  void factorsAreInForceBeforeTheFirstStep() throws IOException {
    State[] seen = new State[2];
    Listener watch =
        new Listener() {
          @Override
          public void prepared(String stage, Progress progress, State state) {
            seen[0] = state;
          }

          @Override
          public void stageStarted(Moment moment) {
            seen[1] = moment.graph().state();
          }
        };
    Result result = Runs.run(experiment(LOOK_AHEAD), temp.resolve("run"), watch);
    RescaleRecord record = result.rescaled().get("sparse");
    assertThat(record.iterations()).isEqualTo(4);
    List<Parameter> parameters = Tiny.parts(Tiny.TRAIN).summary().parameters();
    State applied = seen[0].applied(parameters);
    for (Parameter p : parameters) {
      double alpha =
          record.factors().stream()
              .filter(f -> f.name().equals(p.name()))
              .mapToDouble(RescaleRecord.Factor::alpha)
              .findFirst()
              .orElse(1);
      float[] before = applied.get(p.name()).values();
      float[] after = seen[1].get(p.name()).values();
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).as(p.name()).isCloseTo((float) (alpha * before[i]), within(1e-7f));
      }
      assertThat(seen[1].mask(p)).isEqualTo(seen[0].mask(p));
    }
    assertThat(record.factors()).anyMatch(f -> f.alpha() != 1);
    assertThat(Files.readString(temp.resolve("run/report.html")))
        .contains("Rescaled before sparse", "4 iterations", "linear/kernel");
  }

  @Test
  void anInterruptedRunEndsInTheSameBits() {
    Experiment experiment = experiment(LOOK_AHEAD);
    Result whole = Runs.run(experiment, temp.resolve("whole"));
    assertThat(Runs.broken(experiment, temp.resolve("broken"), new Random(2))).isPositive();
    assertThat(TrainedNetwork.load(temp.resolve("broken")).state())
        .isEqualTo(TrainedNetwork.load(temp.resolve("whole")).state());
    assertThat(Result.read(temp.resolve("broken/result.json")).rescaled().get("sparse").factors())
        .isEqualTo(whole.rescaled().get("sparse").factors());
  }

  /** Asked to stop while the factors are learned: nothing is lost but these. */
  @Test
  void aStopWhileTheFactorsAreLearned() {
    Experiment experiment = experiment(LOOK_AHEAD);
    StopSignal stop = new StopSignal();
    Listener stopper =
        new Listener() {
          @Override
          public void prepared(String stage, Progress progress, State state) {
            stop.request(StopSignal.INTERRUPTED);
          }
        };
    Path run = temp.resolve("run");
    assertThatThrownBy(() -> ExperimentService.run(experiment, run, false, List.of(stopper), stop))
        .isInstanceOf(RunInterruptedException.class)
        .hasMessageContaining("rescaled");
    Result result = ExperimentService.run(experiment, run, true, List.of(), new StopSignal());
    assertThat(result.rescaled()).containsKey("sparse");
  }

  @Test
  void aDryRunTriesIt() {
    assertThat(DryRun.run(experiment("look_ahead { iterations: 100000 }"), 8).steps()).hasSize(1);
    assertThat(DryRun.run(experiment("density {}"), 8).steps()).hasSize(1);
  }
}
