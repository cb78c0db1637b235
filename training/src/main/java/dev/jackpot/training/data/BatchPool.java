package dev.jackpot.training.data;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Arrays for batches of one size, used again and again. Where all are taken it makes another. */
final class BatchPool {
  private record Arrays(float[] images, int[] labels) {}

  private final int batchSize;
  private final int imageSize;
  private final Queue<Arrays> free = new ConcurrentLinkedQueue<>();
  private final AtomicInteger made = new AtomicInteger();

  BatchPool(int batchSize, int imageSize) {
    this.batchSize = batchSize;
    this.imageSize = imageSize;
  }

  /**
   * A batch of {@code size} images, its arrays not filled yet. Only full ones come from the pool.
   */
  Batch take(int size, int epoch, int step) {
    Arrays arrays = size == batchSize ? free.poll() : null;
    if (arrays == null) {
      made.incrementAndGet();
      arrays = new Arrays(new float[Math.multiplyExact(size, imageSize)], new int[size]);
    }
    return new Batch(arrays.images(), arrays.labels(), epoch, step, this);
  }

  void give(float[] images, int[] labels) {
    if (labels.length == batchSize) {
      free.add(new Arrays(images, labels));
    }
  }

  /** How many pairs of arrays were ever made. */
  int made() {
    return made.get();
  }
}
