package dev.jackpot.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jackpot.config.ExperimentLoader.Format;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every message is compared whole: the place, the path, what was found, what is expected. */
class BadInputTest {
  private static List<String> text(String text, String... sets) {
    return problems(Format.TEXTPROTO, "c.textproto", text, sets);
  }

  private static List<String> json(String text, String... sets) {
    return problems(Format.JSON, "c.json", text, sets);
  }

  private static List<String> problems(Format format, String source, String text, String... sets) {
    ConfigException e =
        catchThrowableOfType(
            ConfigException.class,
            () -> ExperimentLoader.parse(text, format, source, List.of(sets)));
    assertThat(e).as("a ConfigException").isNotNull();
    assertThat(e.exitCode()).isEqualTo(2);
    assertThat(e.problems()).allSatisfy(line -> assertThat(line).doesNotContain("\n"));
    return e.problems();
  }

  /** Where the text holds, apart from what a test adds to it, a sound experiment. */
  private static final String SOUND =
      "data { drawn {} } network { cifar_resnet {} } stages { train {} epochs: 2 }";

  @Test
  void everyProblemOfAFileIsReportedInTheOrderOfItsPlace() {
    assertThat(
            text(
                """
                nam: "x"
                data { drawn {} limit_train: -1 }
                network {
                  cifar_resnet { depth: 21 shortcut: C }
                }
                stages {
                  search { sparsity: 1.0 }
                  epochs: "ten"
                  batch_size: 0
                }
                """))
        .containsExactly(
            "c.textproto:1:1: unknown field \"nam\"; nearest: name, data",
            "c.textproto:2:30: data.limit_train: found -1, expected an integer of at least 0 (0: all)",
            "c.textproto:4:25: network.depth: found 21, expected 6n + 2 from 8 to 1202; nearest: 20, 26",
            "c.textproto:4:38: network.shortcut: found C, expected one of A, B; nearest: A, B",
            "c.textproto:7:22: stages.search.sparsity: found 1.0, expected a number in [0, 1): the share that is"
                + " removed",
            "c.textproto:8:11: stages.search.epochs: found \"ten\", expected an integer from -2147483648 to"
                + " 2147483647",
            "c.textproto:9:15: stages.search.batch_size: found 0, expected an integer of at least 1");
  }

  @Test
  void everyProblemOfAJsonFileIsReportedToo() {
    assertThat(
            json(
                """
                {
                  "data": {"drawn": {}, "prefetc": 3},
                  "network": {"cifarResnet": {"depth": 8.5}},
                  "stages": [
                    {"train": {}, "epochs": 0, "learningRate": {"initial": -0.1}}
                  ]
                }
                """))
        .containsExactly(
            "c.json:2:25: data: unknown field \"prefetc\"; nearest: prefetch, drawn",
            "c.json:3:40: network.depth: found 8.5, expected an integer from -2147483648 to 2147483647",
            "c.json:5:29: stages.train.epochs: found 0, expected an integer from 1 to 1000000",
            "c.json:5:60: stages.train.learning_rate.initial: found -0.1, expected a number above 0");
  }
}
