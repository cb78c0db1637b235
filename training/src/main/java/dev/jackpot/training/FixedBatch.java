package dev.jackpot.training;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;

/**
 * One batch of training images, augmented, that is the same each time.
 *
 * @param size images in it
 * @param seed decides which, and how they are augmented
 * @param of what it is for, for messages
 */
record FixedBatch(ExperimentParts parts, int size, long seed, String of) {
  /** With the seed that the experiment's and the stage's name give. */
  static FixedBatch of(ExperimentParts parts, Stage stage, int size, String of) {
    long seed = new Seeds(parts.experiment().getSeed()).of(of + "/" + StageKinds.nameOf(stage));
    return new FixedBatch(parts, size, seed, of);
  }

  /** The caller closes it. */
  Batch open() {
    try (Batches batches = parts.sampleBatches(new Sample(1, size, seed, 1));
        BatchStream stream = batches.open(0, 0)) {
      Batch batch = stream.next();
      if (batch.size() == 0) {
        batch.close();
        throw new JackpotException(
            "%s: none of the mini-batch's images can be decoded; `jackpot data check` lists them"
                .formatted(of));
      }
      return batch;
    }
  }
}
