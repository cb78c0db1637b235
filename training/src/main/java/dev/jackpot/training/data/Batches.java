package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The batches of a split, prepared ahead by background threads. What a training batch holds is a
 * function of the two seeds, the epoch and the step alone: not of the number of threads, nor of
 * where a stream begins.
 *
 * <pre>{@code
 * try (Batches batches = Batches.training(data.train(), preparation, orderSeed, augmentationSeed, 128, 4);
 *     BatchStream stream = batches.open(epoch, firstStep)) {
 *   while (stream.hasNext()) {
 *     try (Batch batch = stream.next()) { … }
 *   }
 * }
 * }</pre>
 */
public final class Batches implements AutoCloseable {
  private final Split split;
  private final Preparation preparation;
  private final boolean training;
  private final long orderSeed;
  private final long augmentationSeed;
  private final int batchSize;
  private final int prefetch;
  private final BatchPool pool;
  private final ExecutorService workers;

  private Batches(
      Split split,
      Preparation preparation,
      boolean training,
      long orderSeed,
      long augmentationSeed,
      int batchSize,
      int prefetch,
      int threads) {
    require("batch_size", batchSize, 1);
    require("data.prefetch", prefetch, 0);
    if (!preparation.shape().equals(split.shape())) {
      throw new IllegalArgumentException(
          "images are %s, their preparation is for %s"
              .formatted(split.shape(), preparation.shape()));
    }
    if (training && batchSize > split.size()) {
      throw new ConfigException(
          "batch_size: found %d; expected at most the %d training images there are"
              .formatted(batchSize, split.size()));
    }
    this.split = split;
    this.preparation = preparation;
    this.training = training;
    this.orderSeed = orderSeed;
    this.augmentationSeed = augmentationSeed;
    this.batchSize = batchSize;
    this.prefetch = prefetch;
    this.pool = new BatchPool(batchSize, split.shape().size());
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "batches");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Batches for training: each epoch in another order, augmented, a last, smaller batch dropped.
   *
   * @param orderSeed decides the order of every epoch
   * @param augmentationSeed decides every crop and flip
   * @param batchSize images per batch, at most the split's
   * @param prefetch batches prepared ahead; 0: each when it is asked for
   * @throws ConfigException if batchSize or prefetch are out of range
   */
  public static Batches training(
      Split split,
      Preparation preparation,
      long orderSeed,
      long augmentationSeed,
      int batchSize,
      int prefetch) {
    return training(
        split, preparation, orderSeed, augmentationSeed, batchSize, prefetch, defaultThreads());
  }

  static Batches training(
      Split split,
      Preparation preparation,
      long orderSeed,
      long augmentationSeed,
      int batchSize,
      int prefetch,
      int threads) {
    return new Batches(
        split, preparation, true, orderSeed, augmentationSeed, batchSize, prefetch, threads);
  }

  /**
   * Batches for evaluation: in the split's order, the last one smaller if need be. The preparation
   * should be one {@linkplain Preparation#evaluation without augmentation}.
   *
   * @throws ConfigException if batchSize or prefetch are out of range
   */
  public static Batches evaluation(
      Split split, Preparation preparation, int batchSize, int prefetch) {
    return new Batches(split, preparation, false, 0, 0, batchSize, prefetch, defaultThreads());
  }

  /**
   * One thread prepares about 300,000 images of 32×32 a second: more are of use for larger ones.
   */
  private static int defaultThreads() {
    return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 4));
  }

  /** Number of batches in an epoch. */
  public int stepsPerEpoch() {
    return training ? split.size() / batchSize : (split.size() - 1) / batchSize + 1;
  }

  /** Images that an epoch goes through. */
  public int imagesPerEpoch() {
    return training ? stepsPerEpoch() * batchSize : split.size();
  }

  /**
   * Starts to prepare the batches {@code firstStep}, {@code firstStep} + 1, … of an epoch.
   * Evaluation batches are the same in every epoch.
   *
   * @param firstStep in [0, stepsPerEpoch()]; with the latter the stream is empty
   */
  public BatchStream open(int epoch, int firstStep) {
    if (epoch < 0 || firstStep < 0 || firstStep > stepsPerEpoch()) {
      throw new IllegalArgumentException(
          "epoch %d, step %d: an epoch has %d steps".formatted(epoch, firstStep, stepsPerEpoch()));
    }
    int[] order = training ? CounterRandom.permutation(split.size(), orderSeed, epoch) : null;
    return new BatchStream(
        step -> prepare(order, epoch, step), workers, firstStep, stepsPerEpoch(), prefetch);
  }

  private Batch prepare(int[] order, int epoch, int step) {
    int first = step * batchSize;
    int size = Math.min(batchSize, split.size() - first);
    int imageSize = split.shape().size();
    byte[] pixels = new byte[imageSize];
    Batch batch = pool.take(size, epoch, step);
    for (int i = 0; i < size; i++) {
      int position = first + i;
      int index = training ? order[position] : position;
      split.pixels(index, pixels);
      long random = CounterRandom.bits(augmentationSeed, epoch, position);
      preparation.apply(pixels, random, batch.images(), i * imageSize);
      batch.labels()[i] = split.label(index);
    }
    return batch;
  }

  private static void require(String name, int value, int least) {
    if (value < least) {
      throw new ConfigException("%s: found %d; expected at least %d".formatted(name, value, least));
    }
  }

  BatchPool pool() {
    return pool;
  }

  /** Ends the background threads as soon as the streams that are still open are closed. */
  @Override
  public void close() {
    workers.shutdown();
  }
}
