package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfText;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cascades, losses around events, and the learning rate that goes with them. */
class PruningScheduleRulesTest {
  private static final String EXPERIMENT =
      """
      data { drawn { train_images: 1000 } }
      network { cifar_resnet {} }
      stages {
        name: "shed"
        sparse_train {
          schedule { to { sparsity: 0.9 } cascade { free {} } begin: 1 end: 5 interval: 2 }
        }
        epochs: 8
        learning_rate { initial: 0.1 held_cosine { hold_epochs: 5 } }
      }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          schedule.cascade.seed_fraction=0 | found 0.0, expected a number in (0, 1): the share of the prunable weights that is pruned at begin
          schedule.cascade.seed_fraction=1 | found 1.0, expected a number in (0, 1): the share of the prunable weights that is pruned at begin
          schedule.cascade.least_harvest=-0.1 | found -0.1, expected a number in [0, 1]: the share of what is left below which some more is pruned
          schedule.cascade.push_fraction=1 | found 1.0, expected a number in (0, 1): the share of what is left that a push removes
          schedule.cascade.free.delta=-1 | found -1.0, expected a number of at least 0, in nats
          schedule.cascade.free.batches=0 | found 0, expected an integer from 1 to 1000
          schedule.cascade.free.batch_size=0 | found 0, expected an integer of at least 1
          schedule.cascade.small.epsilon=0 | found 0.0, expected a number in (0, 1)
          schedule.loss_batches=1001 | found 1001, expected an integer from 0 to 1000
          schedule.end=8 | found 8, expected an epoch before the stage's end, 8
          schedule.to.pattern.block.height=2 | found, expected the free pattern: what a cascade's harvest takes are single weights
          schedule.to.allocation=erk | found, expected the global allocation: kernels keep what a cascade leaves them
          """)
  void wrongSchedules(String set, String problem) {
    assertThat(problemsOfText(EXPERIMENT, "stages.shed.sparse_train." + set))
        .anyMatch(p -> p.endsWith(problem));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          held_cosine.hold_epochs=8 | found 8, expected an epoch before the schedule's end, 8
          held_cosine.hold_epochs=-1 | found -1, expected an integer of at least 0
          held_cosine.final=0.2 | found 0.2, expected a number from 0 to initial, which is 0.1
          `held_cosine={}` | missing, expected an integer of at least 0
          """)
  void wrongRates(String set, String problem) {
    assertThat(problemsOfText(EXPERIMENT, "stages.shed.learning_rate." + set))
        .anyMatch(p -> p.endsWith(problem));
  }

  @Test
  void rightOnes() {
    assertThatCode(() -> Configs.text(EXPERIMENT)).doesNotThrowAnyException();
    assertThatCode(
            () ->
                Configs.text(
                    EXPERIMENT,
                    "stages.shed.sparse_train.schedule.cascade.small.epsilon=0.001",
                    "stages.shed.sparse_train.schedule.loss_batches=3",
                    "stages.shed.learning_rate.start_epoch=4",
                    "stages.shed.learning_rate.held_cosine.hold_epochs=11"))
        .doesNotThrowAnyException();
  }

  @Test
  void aStageWhoseHarvestIsWhatIsSmallRefersToItsOwnBeginning() {
    assertThat(ExperimentStages.points(Configs.text(EXPERIMENT))).isEmpty();
    assertThat(
            ExperimentStages.points(
                Configs.text(
                    EXPERIMENT, "stages.shed.sparse_train.schedule.cascade.small.epsilon=0.1")))
        .containsExactly(StagePoint.parse("shed@step 0"));
  }
}
