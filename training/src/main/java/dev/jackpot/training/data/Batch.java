package dev.jackpot.training.data;

/**
 * Images ready to be fed, and their labels. Closing it gives its arrays back to the stream it came
 * from, which fills them anew: do not touch them afterwards. One that is never closed is only
 * garbage.
 */
public final class Batch implements AutoCloseable {
  private final float[] images;
  private final int[] labels;
  private final int epoch;
  private final int step;
  private final BatchPool pool;
  private boolean closed;

  Batch(float[] images, int[] labels, int epoch, int step, BatchPool pool) {
    this.images = images;
    this.labels = labels;
    this.epoch = epoch;
    this.step = step;
    this.pool = pool;
  }

  /** Normalised float32 [size, height, width, channels], exactly that long. */
  public float[] images() {
    return images;
  }

  /** Classes [size]. */
  public int[] labels() {
    return labels;
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }

  /** The epoch it belongs to, from 0. */
  public int epoch() {
    return epoch;
  }

  /** Its number within the epoch, from 0. */
  public int step() {
    return step;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pool.give(images, labels);
    }
  }
}
