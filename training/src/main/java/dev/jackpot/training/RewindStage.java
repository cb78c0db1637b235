package dev.jackpot.training;

import dev.jackpot.config.StagePoint;

/**
 * Weight rewinding: the parameters of an earlier point under the present masks, θ ⊙ M
 * (docs/lottery-tickets.md).
 *
 * @param to the point
 */
record RewindStage(StagePoint to) implements PreparingStage {
  @Override
  public State begin(StageContext context, State before) {
    return context
        .points()
        .apply(to)
        .under(before, context.parameters())
        .applied(context.parameters());
  }
}
