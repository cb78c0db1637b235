package dev.jackpot.training;

import dev.jackpot.config.proto.Prune;
import dev.jackpot.pruning.Shrinking;

/** Shrinks the masks; the weights stay as they are. */
final class PruneStage implements PreparingStage {
  private final Shrinking shrinking;

  PruneStage(Prune options) {
    this.shrinking = Shrinking.of(options);
  }

  @Override
  public State begin(StageContext context, State before) {
    return before.with(
        shrinking.masks(
            context.parameters(),
            before.values(),
            before.masks(context.parameters()),
            context.seed(),
            context.gradients().apply(before)),
        context.parameters());
  }
}
