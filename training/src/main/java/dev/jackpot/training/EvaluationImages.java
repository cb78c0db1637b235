package dev.jackpot.training;

import dev.jackpot.training.data.Batches;
import dev.jackpot.training.run.EvaluationSplit;

/**
 * What the epochs of a run are evaluated on. Closing it closes the batches.
 *
 * @param batches all images, in order
 * @param split that they are
 */
record EvaluationImages(Batches batches, EvaluationSplit split) implements AutoCloseable {
  @Override
  public void close() {
    batches.close();
  }
}
