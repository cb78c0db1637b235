package dev.jackpot.config;

import dev.jackpot.config.proto.Stage;

/**
 * When a stage's ghosts and its smoothing of labels end. From then on the stage is the one that
 * never had them (docs/sparse-training.md).
 */
public final class HandOver {
  private HandOver() {}

  /**
   * The first epoch of the stage without its ghosts, from 0: until_epoch, or two fifths of the
   * epochs, rounded, at least 1.
   */
  public static int epoch(Stage stage) {
    return stage.getGhosts().hasUntilEpoch()
        ? stage.getGhosts().getUntilEpoch()
        : Math.max(1, (int) Math.round(.4 * stage.getEpochs()));
  }

  /** After how many epochs of the stage α of its ghost skips is 0. */
  public static int fadeEpochs(Stage stage) {
    return stage.getGhosts().getSkips().hasFadeEpochs()
        ? stage.getGhosts().getSkips().getFadeEpochs()
        : epoch(stage);
  }

  /**
   * The stage as one of its epochs trains: without what has ended before it.
   *
   * @param epoch of the stage, from 0
   */
  public static Stage at(Stage stage, int epoch) {
    Stage.Builder now = stage.toBuilder();
    if (stage.hasGhosts() && epoch >= epoch(stage)) {
      now.clearGhosts();
    }
    if (stage.hasLabelSmoothingUntilEpoch() && epoch >= stage.getLabelSmoothingUntilEpoch()) {
      now.clearLabelSmoothing().clearLabelSmoothingForm().clearLabelSmoothingUntilEpoch();
    }
    return now.build();
  }
}
