package dev.jackpot.config;

import static dev.jackpot.config.Configs.problemsOfText;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.proto.Rescale;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RescaleRulesTest {
  private static final String EXPERIMENT =
      """
      data { drawn { train_images: 1000 } }
      network { cifar_resnet {} }
      stages { name: "trained" sparse_train { prune {} } epochs: 4 rescale { look_ahead {} } }
      stages { search {} epochs: 4 }
      stages { prune {} }
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          stages.trained.rescale.eta=0 | stages.trained.rescale.eta: found 0.0, expected a number above 0
          stages.trained.rescale.gamma=-1 | found -1.0, expected a number of at least 0
          stages.trained.rescale.iterations=0 | found 0, expected an integer of at least 1
          stages.trained.rescale.learning_rate=0 | found 0.0, expected a number above 0
          stages.trained.rescale.alpha_min=1.1 | found 1.1, expected a number in [0, 1]
          stages.trained.rescale.clip=0 | found 0.0, expected a number above 0
          stages.trained.rescale.batch_size=0 | found 0, expected an integer of at least 1
          stages.trained.rescale.batch_size=1001 | stages.trained.rescale.batch_size: found 1001, expected at most the number of training images, 1000
          stages.trained.rescale=densty | found "densty", expected a message in braces or one of look_ahead, density, custom; nearest: density
          stages.trained.rescale={ custom {} } | expected the name of a plug-in
          stages.search.rescale=density | expected none: a search leaves the weights as they are
          stages.prune.rescale=density | expected none: a stage that prunes, rewinds or repeats trains nothing itself
          """)
  void tellsWhatIsWrong(String set, String expected) {
    assertThat(problemsOfText(EXPERIMENT, set)).singleElement().asString().contains(expected);
  }

  @Test
  void aBareWordChoosesTheRule() {
    Rescale rescale =
        ExperimentLoader.parse(
                EXPERIMENT, Format.TEXTPROTO, "test", List.of("stages.trained.rescale=density"))
            .getStages(0)
            .getRescale();
    assertThat(rescale.hasDensity()).isTrue();
  }
}
