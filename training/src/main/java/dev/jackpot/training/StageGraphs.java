package dev.jackpot.training;

import dev.jackpot.config.HandOver;
import dev.jackpot.config.proto.Stage;
import java.util.function.BiFunction;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The graph of a stage over its epochs. Where its ghosts or its smoothing of labels end it is built
 * anew, as the stage that never had them, and all other variables go over as they are: parameters,
 * averages, masks, scores, optimizer slots.
 */
final class StageGraphs implements AutoCloseable {
  private static final Logger LOG = LogManager.getLogger(StageGraphs.class);

  private final Stage stage;
  private final BiFunction<Stage, State, StageGraph> builder;
  private Stage now;
  private StageGraph graph;

  /**
   * Builds the first graph. The caller closes this.
   *
   * @param epoch of the stage that comes next, from 0
   * @param first values that the graph's variables start from
   * @param builder opens a graph of a stage as one of its epochs has it
   */
  StageGraphs(Stage stage, int epoch, State first, BiFunction<Stage, State, StageGraph> builder) {
    this.stage = stage;
    this.builder = builder;
    now = HandOver.at(stage, epoch);
    graph = builder.apply(now, first);
  }

  /** The graph of an epoch, from 0. The one before is closed if it is another. */
  StageGraph at(int epoch) {
    Stage then = HandOver.at(stage, epoch);
    if (!then.equals(now)) {
      long begun = System.nanoTime();
      State state = graph.state();
      graph.close();
      graph = builder.apply(then, state);
      LOG.info(
          "{}: {} from epoch {} on ({} s)",
          StageKinds.nameOf(stage),
          now.hasGhosts() && !then.hasGhosts() ? "no ghosts" : "no label smoothing",
          epoch + 1,
          "%.2f".formatted((System.nanoTime() - begun) / 1e9));
      now = then;
    }
    return graph;
  }

  /** The graph of the last epoch that was asked for. */
  StageGraph current() {
    return graph;
  }

  @Override
  public void close() {
    graph.close();
  }
}
