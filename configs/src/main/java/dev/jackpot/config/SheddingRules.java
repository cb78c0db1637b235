package dev.jackpot.config;

import dev.jackpot.config.proto.FreeShedding;
import dev.jackpot.config.proto.Shedding;
import dev.jackpot.config.proto.Stage;
import java.util.List;

/** What must hold for the watch over shed weights. */
final class SheddingRules {
  private static final int MOST_LEVELS = 8;

  private SheddingRules() {}

  /**
   * @param images that there are to train on; below 1 where that is not known
   */
  static void check(Stage stage, int images, At at) {
    at.in("shedding").ifPresent(in -> shedding(stage, images, in));
  }

  private static void shedding(Stage stage, int images, At at) {
    Shedding shedding = stage.getShedding();
    at.require(shedding.getInterval() >= 1, "interval", "an integer of at least 1");
    at.require(shedding.getStepsAfterEvent() >= 0, "steps_after_event", "an integer of at least 0");
    levels(shedding.getRelativeList(), "relative", -1, at);
    levels(shedding.getQuantilesList(), "quantiles", 1, at);
    int batch = shedding.getBatchSize();
    at.require(batch >= 0, "batch_size", "an integer of at least 0");
    at.require(
        batch < 1 || images < 1 || !shedding.hasBatchSize() || batch <= images,
        "batch_size",
        "at most the number of training images, %d".formatted(images));
    at.in("kernels").ifPresent(in -> MaskRules.prunable(shedding.getKernels(), in));
    at.in("free").ifPresent(in -> free(shedding.getFree(), images, in));
    at.require(
        !shedding.hasControl() || !stage.hasSearch(),
        "control",
        "none: a search leaves the weights as they are");
    at.require(
        !shedding.hasControl() || !stage.hasCustom(),
        "control",
        "none: what a plug-in would do without masks is not known");
    at.in("control")
        .ifPresent(
            in ->
                in.require(
                    !shedding.getControl().hasPath() || !shedding.getControl().getPath().isBlank(),
                    "path",
                    "a folder"));
  }

  private static void free(FreeShedding free, int images, At at) {
    at.require(free.getDelta() >= 0, "delta", "a number of at least 0");
    at.require(free.getBatches() >= 1, "batches", "an integer of at least 1");
    at.require(free.getBatchSize() >= 1, "batch_size", "an integer of at least 1");
    at.require(
        free.getBatchSize() < 1
            || free.getBatches() < 1
            || images < 1
            || (long) free.getBatches() * free.getBatchSize() <= images,
        "batches",
        "no more than %d batches of %d: there are %d training images"
            .formatted(images / Math.max(1, free.getBatchSize()), free.getBatchSize(), images));
  }

  /**
   * @param sign 1: they grow; −1: they fall
   */
  private static void levels(List<Double> levels, String field, int sign, At at) {
    at.require(levels.size() <= MOST_LEVELS, field, "at most %d numbers".formatted(MOST_LEVELS));
    for (int i = 0; i < levels.size(); i++) {
      double level = levels.get(i);
      boolean inRange = level > 0 && level < 1;
      at.requireItem(inRange, field, i, "a number in (0, 1)");
      at.requireItem(
          !inRange || i == 0 || sign * (level - levels.get(i - 1)) > 0,
          field,
          i,
          "a number %s the one before, %s"
              .formatted(
                  sign > 0 ? "above" : "below", Show.scalar(i == 0 ? level : levels.get(i - 1))));
    }
  }
}
