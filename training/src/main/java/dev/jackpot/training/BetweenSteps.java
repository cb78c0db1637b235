package dev.jackpot.training;

/** What a stage does between two steps: no op of the graph, but a change of its variables. */
@FunctionalInterface
public interface BetweenSteps {
  /**
   * Called before each step; after a resume before the first one that is left, so what it does at a
   * step may depend on the step and the variables only.
   *
   * @param step of the stage, from 0
   * @return whether masks were changed
   */
  boolean before(long step, StageGraph graph);
}
