package dev.jackpot.training;

import dev.jackpot.training.LookAheadGraph.Images;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import java.util.Arrays;

/** Draws training images for one look ahead after another, epoch after epoch. */
final class LookAheadImages implements AutoCloseable {
  private final Batches batches;
  private BatchStream stream;
  private int epoch;

  /**
   * @param batches shuffled; closed with this
   */
  LookAheadImages(Batches batches) {
    this.batches = batches;
    this.stream = batches.open(0, 0);
  }

  /**
   * Two sets that share a half.
   *
   * @param first S = a ∪ b
   * @param second S̃ = a ∪ c
   */
  record Pair(Images first, Images second) {}

  /** The next three batches a, b and c. */
  Pair next() {
    Images a = batch();
    return new Pair(joined(a, batch()), joined(a, batch()));
  }

  private Images batch() {
    if (!stream.hasNext()) {
      stream.close();
      stream = batches.open(++epoch, 0);
    }
    try (Batch batch = stream.next()) {
      return new Images(batch.images().clone(), batch.labels().clone());
    }
  }

  private static Images joined(Images a, Images b) {
    float[] pixels = Arrays.copyOf(a.pixels(), a.pixels().length + b.pixels().length);
    System.arraycopy(b.pixels(), 0, pixels, a.pixels().length, b.pixels().length);
    int[] labels = Arrays.copyOf(a.labels(), a.labels().length + b.labels().length);
    System.arraycopy(b.labels(), 0, labels, a.labels().length, b.labels().length);
    return new Images(pixels, labels);
  }

  @Override
  public void close() {
    stream.close();
    batches.close();
  }
}
