package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.run.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that are stopped after each of their steps, in every round, end as unbroken ones do. */
class StoppedEverywhereTest {
  /** 3 steps an epoch, so 2 · 3 of the rounds and 3 of the ticket. */
  private static final String TICKETS =
      """
      stages {
        name: "tickets"
        repeat {
          rounds: 2
          stages {
            name: "train" sparse_train {} epochs: 1 batch_size: 32 learning_rate { initial: 0.05 }
          }
          stages { prune { fraction: 0.4 } }
          stages { rewind { to: "train/round-1@step 2" } }
        }
      }
      stages { name: "ticket" sparse_train {} epochs: 1 batch_size: 32 }
      """;

  private static final String SCHEDULED =
      """
      stages {
        sparse_train {
          prune { sparsity: 0.3 } schedule { to { sparsity: 0.8 } %s %s interval: 2 per: STEP }
        }
        epochs: 2 batch_size: 32 learning_rate { initial: 0.1 cosine {} per: STEP }
        optimizer { sgd { nesterov: true } }
      }
      """;

  @TempDir Path temp;

  @Test
  void rewindingInRounds() throws IOException {
    assertThat(compared(TICKETS)).isGreaterThan(9);
  }

  @ParameterizedTest
  @CsvSource({
    "one_shot {}, begin: 3",
    "linear {}, end: 5",
    "cubic {}, begin: 1 end: 5",
    "geometric {}, end: 4",
    "iterative { fraction: 0.3 }, begin: 1 end: 5",
  })
  void schedules(String shape, String rest) throws IOException {
    assertThat(compared(SCHEDULED.formatted(shape, rest))).isGreaterThan(4);
  }

  /** How often the broken run was stopped. */
  private int compared(String stages) throws IOException {
    Experiment experiment = Tiny.experiment(stages, "checkpoints.every_steps=0");
    Path whole = temp.resolve("whole");
    Result expected = Runs.run(experiment, whole);
    Path broken = temp.resolve("broken");
    int stops = Runs.stoppedEverywhere(experiment, broken);
    assertThat(Runs.metrics(broken)).isEqualTo(Runs.metrics(whole));
    assertThat(TrainedNetwork.load(broken).state().values())
        .isEqualTo(TrainedNetwork.load(whole).state().values());
    Result result = Result.read(broken.resolve("result.json"));
    assertThat(result.kernels()).isEqualTo(expected.kernels());
    assertThat(result.stages().stream().map(Result.StageResult::accuracy))
        .isEqualTo(expected.stages().stream().map(Result.StageResult::accuracy).toList());
    try (var masks = Files.list(whole.resolve("masks"))) {
      masks.forEach(
          file ->
              assertThat(broken.resolve("masks").resolve(file.getFileName()))
                  .hasSameBinaryContentAs(file));
    }
    return stops;
  }
}
