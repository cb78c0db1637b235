package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.pruning.Masks;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scores of a real search as a criterion. */
class SearchedScoresTest {
  /** Without a restriction the masks are, at the end of every step, the highest scores. */
  private static final String SEARCH =
      """
      stages {
        search { sparsity: 0.8 restriction { none {} } start_batches: 0 } epochs: 2 batch_size: 16
        learning_rate { initial: 0.1 }
      }
      """;

  private static final String TUNE = "stages { train {} epochs: 1 batch_size: 16 }\n";

  /** The counts of the search's masks, which the magnitudes of the same weights gave. */
  private static final String AGAIN =
      """
      stages {
        name: "again"
        prune {
          sparsity: 0.8 criterion { scores { %s } } allocation { global { by { magnitude {} } } } %s
        }
        from: "%s" from_masks: NONE
      }
      """;

  @TempDir private static Path folder;

  @BeforeAll
  static void search() {
    Runs.run(Tiny.experiment(SEARCH + TUNE), folder.resolve("searched"));
  }

  private static Masks masks(String run, String stage) {
    return MaskFiles.open(folder.resolve(run).resolve("masks/" + stage + ".masks")).masks();
  }

  @Test
  void anEarlierStagesScoresGiveItsMasksAgain() {
    String stages = SEARCH + AGAIN.formatted("stage: \"search\"", "", "search") + TUNE;
    Runs.run(Tiny.experiment(stages), folder.resolve("stage"));
    assertThat(masks("stage", "again")).isEqualTo(masks("stage", "search"));
    Runs.broken(Tiny.experiment(stages), folder.resolve("broken"), new Random(5));
    assertThat(masks("broken", "again")).isEqualTo(masks("stage", "search"));
    assertThat(TrainedNetwork.load(folder.resolve("broken")).state().values())
        .isEqualTo(TrainedNetwork.load(folder.resolve("stage")).state().values());
  }

  @Test
  void aPointInsideTheSearchHasItsOwnScores() {
    String stages = SEARCH + AGAIN.formatted("stage: \"search@epoch 0\"", "", "search") + TUNE;
    Runs.run(Tiny.experiment(stages), folder.resolve("point"));
    // at its start two values, those of the magnitude mask
    String magnitude =
        SEARCH + "stages { name: \"again\" prune { sparsity: 0.8 } from: \"@start\" }" + TUNE;
    Runs.run(Tiny.experiment(magnitude), folder.resolve("magnitude"));
    assertThat(masks("point", "again"))
        .isEqualTo(masks("magnitude", "again"))
        .isNotEqualTo(masks("point", "search"));
  }

  @Test
  void aRunsScoresAreReadAlsoIfAStageCameAfterTheSearch() {
    Path searched = folder.resolve("searched");
    String path = "path: \"%s\"".formatted(searched);
    Runs.run(
        Tiny.experiment(SEARCH + AGAIN.formatted(path, "", "@start") + TUNE),
        folder.resolve("path"));
    assertThat(masks("path", "again")).isEqualTo(masks("searched", "search"));
  }

  @Test
  void withoutASourceTheyLieBesideTheWeights() {
    Path searched = folder.resolve("searched");
    Runs.run(
        Tiny.experiment(
            AGAIN.formatted("", "", "@start") + TUNE, "weights={path: \"%s\"}".formatted(searched)),
        folder.resolve("weights"));
    // the run was tuned after its search: the weights' own magnitudes allot a little otherwise
    Masks again = masks("weights", "again");
    assertThat(again.kept()).isEqualTo(masks("searched", "search").kept());
  }

  @Test
  void kernelsWithoutScoresAndRunsWithoutASearchAreErrors() {
    String all = AGAIN.formatted("stage: \"search\"", "prunable { classifier: true }", "search");
    assertThatThrownBy(
            () -> Runs.run(Tiny.experiment(SEARCH + all + TUNE), folder.resolve("lacking")))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining(
            "criterion scores: there are none for kernel \"linear/kernel\", only those of the 7 that"
                + " were searched");
    Path trained = folder.resolve("trained");
    Runs.run(Tiny.experiment(TUNE), trained);
    String path = AGAIN.formatted("path: \"%s\"".formatted(trained), "", "@start");
    Path never = folder.resolve("never");
    assertThatThrownBy(() -> Runs.run(Tiny.experiment(path + TUNE), never))
        .isInstanceOf(JackpotException.class)
        .hasMessage(trained + ": holds no scores: expected what a search has left");
    String nowhere = AGAIN.formatted("path: \"nowhere\"", "", "@start");
    assertThatThrownBy(() -> Runs.run(Tiny.experiment(nowhere + TUNE), never))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nowhere: no such weights file");
    assertThat(never).doesNotExist();
  }

  @Test
  void aDryRunNeedsNeitherFilesNorAFinishedSearch() {
    String nowhere = AGAIN.formatted("path: \"nowhere\"", "", "@start");
    String stage = AGAIN.formatted("stage: \"search\"", "", "search").replace("again", "more");
    assertThat(DryRun.run(Tiny.experiment(SEARCH + nowhere + stage + TUNE), 4).steps()).hasSize(2);
  }
}
