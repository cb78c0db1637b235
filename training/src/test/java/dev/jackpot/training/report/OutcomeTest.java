package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.run.Result;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeTest {
  private static final String SEARCH = "stages { search {} epochs: 1 } ";
  private static final String PRUNE = "stages { prune { fraction: 0.5 } } ";
  private static final String TUNE = "stages { name: \"tune\" sparse_train {} epochs: 1 } ";

  private static Experiment experiment(String stages) {
    return ExperimentLoader.parse(
        "data { drawn {} } network { cifar_resnet {} } stages { train {} epochs: 1 } " + stages,
        Format.TEXTPROTO,
        "test",
        List.of());
  }

  private static Outcome of(String stages) {
    Result pruned = Result.builder().parameters(100, 10).build();
    return Outcome.of(experiment(stages), pruned);
  }

  @Test
  void aSearchFindsAJackpotThatTuningLeavesOne() {
    assertThat(of(SEARCH)).isEqualTo(Outcome.JACKPOT);
    assertThat(of(SEARCH + TUNE)).isEqualTo(Outcome.JACKPOT);
    assertThat(of(SEARCH + "stages { name: \"tune\" train {} epochs: 1 }"))
        .isEqualTo(Outcome.JACKPOT);
    assertThat(of(SEARCH).word()).isEqualTo("jackpot");
  }

  @Test
  void whatIsPrunedAndRewoundIsATicket() {
    String rewind = "stages { rewind { to: \"@start\" } } ";
    assertThat(of(PRUNE + rewind + TUNE)).isEqualTo(Outcome.TICKET);
    assertThat(
            of(
                "stages { repeat { rounds: 2 stages { name: \"t\" sparse_train {} epochs: 1 } "
                    + PRUNE
                    + rewind
                    + "} } "
                    + TUNE))
        .isEqualTo(Outcome.TICKET);
    assertThat(of(rewind + PRUNE + TUNE)).isEqualTo(Outcome.SPARSE);
  }

  @ParameterizedTest
  @CsvSource({
    "prune { sparsity: 0.95 }",
    "file: \"a.masks\"",
    "schedule { to { sparsity: 0.95 } one_shot {} }"
  })
  void masksOfATrainingStageMakeASparseNetwork(String masks) {
    String stage = "stages { sparse_train { %s } epochs: 2 } ".formatted(masks);
    assertThat(of(stage)).isEqualTo(Outcome.SPARSE);
    assertThat(of(SEARCH + stage)).isEqualTo(Outcome.SPARSE);
  }

  @Test
  void aStageThatStartsElsewhereHasThatPointsMasks() {
    String again = "stages { name: \"again\" train {} epochs: 1 from: \"search\" %s } ";
    String pruned = SEARCH + PRUNE;
    assertThat(of(pruned + again.formatted(""))).isEqualTo(Outcome.JACKPOT);
    assertThat(of(pruned + again.formatted("from_masks: PRESENT"))).isEqualTo(Outcome.SPARSE);
  }

  @Test
  void withAllItsWeightsItIsTrained() {
    Result dense = Result.builder().parameters(100, 100).build();
    assertThat(Outcome.of(experiment(SEARCH), dense)).isEqualTo(Outcome.TRAINED);
  }
}
