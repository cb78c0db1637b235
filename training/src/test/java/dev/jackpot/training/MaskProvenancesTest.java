package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.MaskProvenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What mask files say of where their masks come from. */
class MaskProvenancesTest {
  private static final String EPOCHS = " epochs: 1 batch_size: 16 }";

  @TempDir Path temp;

  private static MaskProvenance of(String stages, String... sets) {
    Experiment experiment = Tiny.experiment(stages, sets);
    return MaskProvenances.of("here", experiment, experiment.getStages(0));
  }

  @ParameterizedTest
  @CsvSource({
    "random { seed: 7 }, 7",
    "snip { sample { seed: 8 } }, 8",
    "gradient { sample { seed: 9 } }, 9",
    "taylor { sample { seed: 10 } }, 10",
    "grasp { sample { seed: 11 } }, 11",
  })
  void theSeedIsTheOneThatDecided(String criterion, long seed) {
    assertThat(of("stages { prune { criterion { %s } } }".formatted(criterion)).getSeed())
        .isEqualTo(seed);
  }

  @Test
  void theStagesSeedWhereTheCriterionHasNone() {
    String stages = "stages { prune { criterion { random {} } } }";
    Experiment experiment = Tiny.experiment(stages);
    assertThat(of(stages).getSeed())
        .isEqualTo(MaskProvenances.seed(experiment, experiment.getStages(0)));
  }

  @Test
  void aSparsityByDefaultIsOneAllTheSame() {
    assertThat(of("stages { prune {} }").getSparsity()).isEqualTo(0.9);
    assertThat(of("stages { sparse_train { prune {} }" + EPOCHS).getSparsity()).isEqualTo(0.9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fraction: 0.2", "pattern { n_m {} }"})
  void aFractionAndAPatternThatFixesCountsHaveNone(String options) {
    assertThat(of("stages { prune { %s } }".formatted(options)).hasSparsity()).isFalse();
  }

  @Test
  void masksOfAFileSayWhich() {
    assertThat(of("stages { sparse_train { file: \"a.masks\" }" + EPOCHS).getSource())
        .isEqualTo("here, masks of a.masks");
  }

  @Test
  void weightsOfARunAreItsNewestCheckpoint() throws IOException {
    Path run = temp.resolve("run");
    Runs.run(Tiny.experiment(Tiny.TRAIN, "checkpoints={ keep_last: 1 keep_best: false }"), run);
    Path checkpoint;
    try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
      checkpoint = all.sorted().toList().get(0);
    }
    String digest = Sha256.of(checkpoint.resolve("checkpoint.json"));
    assertThat(of("stages { prune {} }", "weights.path=" + run).getWeightsSha256())
        .isEqualTo(digest);
    assertThat(of("stages { prune {} }", "weights.path=" + checkpoint).getWeightsSha256())
        .isEqualTo(digest);
  }
}
