package dev.jackpot.training;

import java.util.List;

/** What a stage does between two steps: no op of the graph, but a change of its variables. */
public interface BetweenSteps extends AutoCloseable {
  /** Of most stages. */
  BetweenSteps NOTHING = (step, graph) -> List.of();

  /**
   * Called before each step; after a resume before the first one that is left, so what it does at a
   * step may depend on the step and the variables only.
   *
   * @param step of the stage, from 0
   * @return what was done to the masks, in order
   */
  List<MaskChange> before(long step, StageGraph graph);

  /** Lets go of whatever it has opened. */
  @Override
  default void close() {}
}
