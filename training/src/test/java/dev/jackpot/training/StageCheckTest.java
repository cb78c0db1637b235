package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.list;

import dev.jackpot.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with late stages is found before the first one runs. */
class StageCheckTest {
  private static final String FIRST =
      """
      stages { train {} epochs: 1 batch_size: 16 }
      stages { search { prunable { dense: "layer1/.*" } } epochs: 1 batch_size: 16 }
      """;

  private static void check(String stages, String... sets) {
    StageCheck.check(Tiny.parts(FIRST + stages, sets));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prune { prunable { dense: 'layr1/.*' } } | late.prune.prunable.dense[0]: found"
            + " \"layr1/.*\", which matches no kernel",
        "prune { prunable { dense: '.*' } } | late.prune.prunable: leaves none of the network's 8"
            + " kernels",
        "prune { allocation { explicit { rules { kernels: 'nothing' sparsity: 0.5 } } } }"
            + " | late.prune.allocation.explicit.rules[0].kernels: found \"nothing\"",
        "prune { criterion { snip { sample { batches: 7 batch_size: 16 } } } }"
            + " | late.prune.criterion.sample.batches: found 7; expected at most the 6 of 16",
        "prune { criterion { grasp {} } } | late.prune.criterion.sample.batch_size: found 128;"
            + " expected at most the 96",
        "prune { criterion { scores { stage: 'search' } } }"
            + " | late.prune.criterion scores: there are none for kernel \"layer1/0/conv1/kernel\"",
        "prune { allocation { global { by { taylor {} } } } } |"
            + " late.prune.criterion.sample.batch_size: found 128",
        "sparse_train { prune { prunable { dense: 'x' } } } epochs: 1 batch_size: 16"
            + " | late.sparse_train.prune.prunable.dense[0]: found \"x\"",
        "sparse_train { schedule { to { prunable { dense: 'x' } } one_shot {} } } epochs: 1"
            + " batch_size: 16 | late.sparse_train.schedule.to.prunable.dense[0]: found \"x\"",
        "repeat { rounds: 2 stages { name: 'inner' prune { fraction: 0.2 prunable { dense: 'x' } }"
            + " } } | inner.prune.prunable.dense[0]: found \"x\"",
        "sparse_train {} epochs: 1 batch_size: 16 shedding { kernels { dense: 'x' } }"
            + " | late.shedding.kernels.dense[0]: found \"x\"",
        "sparse_train {} epochs: 1 batch_size: 16 shedding { kernels { dense: '.*' } }"
            + " | late.shedding.kernels: leaves no kernel",
        "sparse_train {} epochs: 1 batch_size: 16 shedding { free { batches: 7 batch_size: 16 } }"
            + " | late.shedding.free.batches: found 7 of 16 images",
      },
      quoteCharacter = '`')
  void aRecipeOfALateStageThatDoesNotFit(String stage, String problem) {
    assertThatThrownBy(() -> check("stages { name: 'late' " + stage + " }"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("stages." + problem);
  }

  @Test
  void gatesThatNoFlowGoesThrough() {
    assertThatThrownBy(
            () ->
                check(
                    "stages { prune { criterion { synflow {} } } }",
                    "network={ mobilenet_v3 { size: SMALL stem: CIFAR } }",
                    "stages.search.search.prunable={}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("stages.prune.prune.criterion synflow: no flow goes through");
  }

  @Test
  void theProblemsOfAllStagesAreReportedTogether() {
    assertThatThrownBy(
            () ->
                check(
                    """
                    stages { name: "a" prune { prunable { dense: ["x", "y"] } } }
                    stages {
                      name: "b" epochs: 1 batch_size: 16
                      sparse_train { schedule { to {} linear {} end: 6 per: STEP } }
                    }
                    """))
        .isInstanceOf(ConfigException.class)
        .extracting(e -> ((ConfigException) e).problems(), list(String.class))
        .hasSize(3)
        .anyMatch(p -> p.startsWith("stages.a.prune.prunable.dense[0]"))
        .anyMatch(p -> p.startsWith("stages.a.prune.prunable.dense[1]"))
        .anyMatch(p -> p.startsWith("stages.b.sparse_train.schedule.end"));
  }

  @Test
  void recipesThatFitPass() {
    assertThatCode(
            () ->
                check(
                    """
                    stages { prune {
                      sparsity: 0.95 criterion { synflow {} } prunable { dense: "layer1/.*" }
                    } }
                    stages { name: "scored" prune {
                      sparsity: 0.96 criterion { scores { stage: "search" } }
                      prunable { dense: "layer1/.*" }
                    } }
                    stages { name: "sampled" prune {
                      sparsity: 0.97 criterion { snip { sample { batches: 6 batch_size: 16 } } }
                    } }
                    """))
        .doesNotThrowAnyException();
  }
}
