package dev.jackpot.training;

import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.ExperimentLoader.Format;
import dev.jackpot.config.proto.Experiment;
import java.util.List;

/** Small experiments on {@link TinyData}. */
final class Tiny {
  private static final String COMMON =
      """
      name: "tiny"
      runtime { threads: 1 device: CPU }
      data { custom { name: "tiny" } augmentation { pad: 1 } evaluation_batch_size: 20 }
      network { cifar_resnet { depth: 8 width: 4 } }
      checkpoints { keep_last: 2 every_steps: 2 }
      """;

  static final String TRAIN =
      """
      stages {
        train {} epochs: 2 batch_size: 16
        learning_rate { initial: 0.05 cosine {} per: STEP warmup { epochs: 1 } }
        optimizer { sgd { nesterov: true } }
      }
      """;

  static final String SEARCH =
      """
      stages {
        search { sparsity: 0.8 start_batches: 2 } epochs: 3 batch_size: 16
        learning_rate { initial: 0.1 }
        label_smoothing: 0.1
      }
      """;

  private Tiny() {}

  static Experiment experiment(String stages, String... sets) {
    return ExperimentLoader.parse(COMMON + stages, Format.TEXTPROTO, "tiny", List.of(sets));
  }

  static ExperimentParts parts(String stages, String... sets) {
    return ExperimentParts.open(experiment(stages, sets));
  }
}
