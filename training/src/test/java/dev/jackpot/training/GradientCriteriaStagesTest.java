package dev.jackpot.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.ConfigException;
import dev.jackpot.export.MaskFiles;
import dev.jackpot.pruning.Masks;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Criteria that take gradients, in the stages of a run. */
class GradientCriteriaStagesTest {
  /** Of the seven convolution kernels of a ResNet-8 of width 4. */
  private static final int WEIGHTS = 108 + 2 * 144 + 288 + 576 + 1152 + 2304;

  private static final String SAMPLE = "sample { batches: 2 batch_size: 16 }";

  @TempDir Path folder;

  private static String criterion(String name) {
    return "criterion { %s { %s } }".formatted(name, name.equals("synflow") ? "rounds: 5" : SAMPLE);
  }

  private static int kept(double sparsity) {
    return WEIGHTS - (int) Math.floor(sparsity * WEIGHTS);
  }

  private Masks masks(String run, String stage) {
    return MaskFiles.open(folder.resolve(run).resolve("masks/" + stage + ".masks")).masks();
  }

  /** Train, prune, prune further while training: at trained weights and at masked ones. */
  @ParameterizedTest
  @ValueSource(strings = {"gradient", "taylor", "snip", "grasp", "synflow"})
  void everyOnePrunesAndPrunesFurther(String name) {
    String stages =
        """
        stages { train {} epochs: 1 batch_size: 16 }
        stages { prune { sparsity: 0.5 %1$s } }
        stages {
          sparse_train { schedule { to { sparsity: 0.8 %1$s } linear {} begin: 1 end: 2 } }
          epochs: 3 batch_size: 16
        }
        """
            .formatted(criterion(name));
    Runs.run(Tiny.experiment(stages), folder.resolve("run"));
    Masks first = masks("run", "prune");
    Masks last = masks("run", "sparse_train");
    assertThat(first.kept()).isEqualTo(kept(.5));
    assertThat(last.kept()).isEqualTo(kept(.8));
    for (String kernel : last.names()) {
      for (int i = 0; i < last.get(kernel).size(); i++) {
        assertThat(last.get(kernel).kept(i) && !first.get(kernel).kept(i)).isFalse();
      }
    }
  }

  /** The images are the stage's own draw: a run that was broken off makes the same masks. */
  @Test
  void aBrokenRunMakesTheSameMasks() {
    String stages =
        """
        stages { train {} epochs: 1 batch_size: 16 }
        stages { search { sparsity: 0.8 start_batches: 0 %s } epochs: 1 batch_size: 16 }
        """
            .formatted(criterion("snip"));
    Runs.run(Tiny.experiment(stages), folder.resolve("whole"));
    Runs.broken(Tiny.experiment(stages), folder.resolve("broken"), new Random(4));
    assertThat(masks("broken", "search")).isEqualTo(masks("whole", "search"));
  }

  @Test
  void moreImagesThanThereAreIsAnError() {
    String stages =
        "stages { prune { criterion { snip {} } } } stages { train {} epochs: 1 batch_size: 16 }";
    assertThatThrownBy(() -> Runs.run(Tiny.experiment(stages), folder.resolve("run")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("batch_size: found 128; expected at most the 96 training images");
  }
}
