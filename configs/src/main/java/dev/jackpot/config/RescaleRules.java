package dev.jackpot.config;

import dev.jackpot.config.proto.LookAheadScale;
import dev.jackpot.config.proto.Stage;

/** What must hold where a stage rescales its parameters. */
final class RescaleRules {
  private RescaleRules() {}

  /**
   * @param images of the training set; below 1 where they are not known
   */
  static void check(Stage stage, int images, At at) {
    at.require(
        !stage.hasRescale() || !stage.hasSearch(),
        "rescale",
        "none: a search leaves the weights as they are");
    at.in("rescale")
        .ifPresent(
            rescale -> {
              rescale.in("look_ahead").ifPresent(in -> lookAhead(stage, images, in));
              rescale
                  .in("custom")
                  .ifPresent(in -> ExperimentRules.custom(stage.getRescale().getCustom(), in));
            });
  }

  private static void lookAhead(Stage stage, int images, At at) {
    LookAheadScale options = stage.getRescale().getLookAhead();
    at.require(options.getEta() > 0, "eta", "a number above 0");
    at.require(options.getGamma() >= 0, "gamma", "a number of at least 0");
    at.require(options.getIterations() >= 1, "iterations", "an integer of at least 1");
    at.require(options.getLearningRate() > 0, "learning_rate", "a number above 0");
    at.require(
        options.getAlphaMin() >= 0 && options.getAlphaMin() <= 1,
        "alpha_min",
        "a number in [0, 1]");
    at.require(options.getClip() > 0, "clip", "a number above 0");
    int batch = options.getBatchSize();
    at.require(!options.hasBatchSize() || batch >= 1, "batch_size", "an integer of at least 1");
    at.require(
        batch < 1 || images < 1 || batch <= images,
        "batch_size",
        "at most the number of training images, %d".formatted(images));
  }
}
