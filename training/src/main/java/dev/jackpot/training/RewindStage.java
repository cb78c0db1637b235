package dev.jackpot.training;

import dev.jackpot.config.StagePoint;

/**
 * Weight rewinding: the parameters of an earlier point under the present masks
 * (docs/lottery-tickets.md). As after a prune stage, pruned weights keep their values behind the
 * masks: the network is θ ⊙ M, and a control run of what follows begins with θ.
 *
 * @param to the point
 */
record RewindStage(StagePoint to) implements PreparingStage {
  @Override
  public State begin(StageContext context, State before) {
    return context.points().apply(to).under(before, context.parameters());
  }
}
