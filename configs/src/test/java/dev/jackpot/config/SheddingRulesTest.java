package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfText;
import static dev.jackpot.config.Configs.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.proto.Shedding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SheddingRulesTest {
  private static final String EXPERIMENT =
      """
      data { drawn { train_images: 1000 } }
      network { cifar_resnet {} }
      stages { name: "again" sparse_train { prune {} } epochs: 4 shedding { control {} } }
      stages { search {} epochs: 4 }
      stages { name: "own" custom { name: "mine" } epochs: 4 }
      stages { prune {} }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          stages.again.shedding.interval=0 | shedding.interval: found 0, expected an integer of at least 1
          stages.again.shedding.steps_after_event=-1 | found -1, expected an integer of at least 0
          stages.again.shedding.relative=[0.1, 0] | relative[1]: found 0.0, expected a number in (0, 1)
          stages.again.shedding.relative=[0.1, 0.2] | relative[1]: found 0.2, expected a number below the one before, 0.1
          stages.again.shedding.quantiles=[1] | quantiles[0]: found 1.0, expected a number in (0, 1)
          stages.again.shedding.quantiles=[0.5, 0.5] | quantiles[1]: found 0.5, expected a number above the one before, 0.5
          stages.again.shedding.quantiles=[.1,.2,.3,.4,.5,.6,.7,.8,.9] | expected at most 8 numbers
          stages.again.shedding.batch_size=-1 | found -1, expected an integer of at least 0
          stages.again.shedding.batch_size=1001 | found 1001, expected at most the number of training images, 1000
          stages.again.shedding.free.delta=-0.1 | delta: found -0.1, expected a number of at least 0
          stages.again.shedding.free.batches=0 | batches: found 0, expected an integer of at least 1
          stages.again.shedding.free.batch_size=0 | batch_size: found 0, expected an integer of at least 1
          stages.again.shedding.free.batches=8 | batches: found 8, expected no more than 7 batches of 128: there are 1000 training images
          stages.again.shedding.kernels.dense=["("] | dense[0]: found "(", expected a regular expression
          stages.again.shedding.control.path="" | expected a folder
          stages.search.shedding={ control {} } | control: found, expected none: a search leaves the weights as they are
          stages.own.shedding={ control {} } | expected none: what a plug-in would do without masks is not known
          stages.prune.shedding={} | expected none: a stage that prunes, rewinds or repeats trains nothing itself
          """)
  void tellsWhatIsWrong(String set, String expected) {
    assertThat(problemsOfText(EXPERIMENT, set)).singleElement().asString().contains(expected);
  }

  @Test
  void allKindsOfTrainingCanBeWatched() {
    Shedding shedding =
        text(
                EXPERIMENT,
                "stages.search.shedding={}",
                "stages.own.shedding={ quantiles: [0.5, 0.9] }")
            .getStages(2)
            .getShedding();
    assertThat(shedding.getQuantilesList()).containsExactly(0.5, 0.9);
    assertThat(shedding.getInterval()).isEqualTo(1);
  }
}
