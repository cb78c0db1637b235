package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

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
  /**
   * Encoded images that a thread prepares at a time: the parts of a batch that run side by side.
   */
  private static final int CHUNK = 8;

  private final Split split;
  private final Preparation preparation;
  private final float[] levels;
  private final boolean training;
  private final long orderSeed;
  private final long augmentationSeed;
  private final int batchSize;
  private final int prefetch;
  private final int chunk;
  private final int threads;
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
    this.levels = preparation.levels();
    this.training = training;
    this.orderSeed = orderSeed;
    this.augmentationSeed = augmentationSeed;
    this.batchSize = batchSize;
    this.prefetch = prefetch;
    this.threads = threads;
    this.chunk = split.encoded() ? CHUNK : batchSize;
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
        split, preparation, orderSeed, augmentationSeed, batchSize, prefetch, threads(split));
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
   * Batches for evaluation: in the split's order, the last one smaller if need be. Images that are
   * not {@linkplain Split#usable usable} are left out: a batch may be smaller, even empty. The
   * preparation should be one {@linkplain Preparation#evaluation without augmentation}.
   *
   * @throws ConfigException if batchSize or prefetch are out of range
   */
  public static Batches evaluation(
      Split split, Preparation preparation, int batchSize, int prefetch) {
    return new Batches(split, preparation, false, 0, 0, batchSize, prefetch, threads(split));
  }

  /**
   * One thread is enough for 32×32, by far; more are of use for larger images. Decoding takes all
   * the cores there are: a millisecond for a photograph of 500×375.
   */
  private static int threads(Split split) {
    int cores = Runtime.getRuntime().availableProcessors();
    return split.encoded() ? cores : Math.max(1, Math.min(4, cores / 4));
  }

  /** Background threads that prepare them. */
  public int threads() {
    return threads;
  }

  /** Number of batches in an epoch. */
  public int stepsPerEpoch() {
    return training ? split.size() / batchSize : (split.size() - 1) / batchSize + 1;
  }

  /** Images that an epoch goes through, those that evaluation leaves out included. */
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
        (step, cancelled) -> start(order, epoch, step, cancelled),
        firstStep,
        stepsPerEpoch(),
        prefetch);
  }

  /** Puts the parts of a batch in the queue of the background threads. */
  private CompletableFuture<Batch> start(
      int[] order, int epoch, int step, BooleanSupplier cancelled) {
    int first = step * batchSize;
    int size = Math.min(batchSize, split.size() - first);
    Batch batch = pool.take(size, epoch, step);
    List<CompletableFuture<Void>> parts = new ArrayList<>();
    for (int from = 0; from < size; from += chunk) {
      int begin = from;
      int end = Math.min(size, from + chunk);
      parts.add(
          CompletableFuture.runAsync(
              () -> {
                if (!cancelled.getAsBoolean()) {
                  prepare(order, first, batch, begin, end);
                }
              },
              workers));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(done -> training ? batch : batch.withoutLeftOut());
  }

  /**
   * Fills images {@code begin} to {@code end} of a batch.
   *
   * @param first position of the batch in the epoch
   */
  private void prepare(int[] order, int first, Batch batch, int begin, int end) {
    int imageSize = split.shape().size();
    byte[] pixels = new byte[imageSize];
    for (int i = begin; i < end; i++) {
      int position = first + i;
      int index = training ? order[position] : position;
      long random = CounterRandom.bits(augmentationSeed, batch.epoch(), position);
      Optional<Crop> crop = preparation.crop(random);
      try {
        if (!training && !split.usable(index)) {
          batch.labels()[i] = Batch.LEFT_OUT;
          continue;
        }
        if (crop.isPresent()) {
          split.pixels(index, crop.get(), levels, batch.images(), i * imageSize);
        } else {
          split.pixels(index, pixels);
          preparation.apply(pixels, random, batch.images(), i * imageSize);
        }
        batch.labels()[i] = split.label(index);
      } catch (OutOfMemoryError e) {
        throw new JackpotException(
            "%s: not enough memory to prepare this image (%s); give the JVM more (-Xmx), or lower data.prefetch"
                .formatted(split.name(index), e.getMessage()),
            e);
      }
    }
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
