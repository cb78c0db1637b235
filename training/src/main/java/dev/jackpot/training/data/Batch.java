package dev.jackpot.training.data;

import java.util.Arrays;

/**
 * Images ready to be fed, and their labels. Closing it gives its arrays back to the stream it came
 * from, which fills them anew: do not touch them afterwards. One that is never closed is only
 * garbage.
 */
public final class Batch implements AutoCloseable {
  /** In place of the label of an image that is not part of the batch after all. */
  static final int LEFT_OUT = -1;

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

  /** This one, or if images were left out a smaller one with the others; maybe an empty one. */
  Batch withoutLeftOut() {
    int kept = (int) Arrays.stream(labels).filter(label -> label != LEFT_OUT).count();
    if (kept == labels.length) {
      return this;
    }
    int size = images.length / labels.length;
    float[] keptImages = new float[kept * size];
    int[] keptLabels = new int[kept];
    int to = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != LEFT_OUT) {
        System.arraycopy(images, i * size, keptImages, to * size, size);
        keptLabels[to++] = labels[i];
      }
    }
    close();
    // of another size than the pool's, so it never takes these
    return new Batch(keptImages, keptLabels, epoch, step, pool);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pool.give(images, labels);
    }
  }
}
