package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * The batches of one epoch, in order. A bounded number is under preparation in the background;
 * taking one starts another. For one thread. What went wrong in the background is thrown by the
 * {@link #next()} that reaches it.
 */
public final class BatchStream implements Iterator<Batch>, AutoCloseable {
  /** Starts the preparation of a batch. */
  interface Starter {
    /**
     * Starts it.
     *
     * @param step the batch's number
     * @param cancelled true once nobody waits for the batch any more
     * @return done once nothing of it runs any more
     */
    CompletableFuture<Batch> start(int step, BooleanSupplier cancelled);
  }

  private final Starter starter;
  private final int end;
  private final int prefetch;
  private final Queue<Future<Batch>> pending = new ArrayDeque<>();
  private int submitted;
  private volatile boolean closed;

  BatchStream(Starter starter, int start, int end, int prefetch) {
    this.starter = starter;
    this.submitted = start;
    this.end = end;
    this.prefetch = prefetch;
    submit(prefetch);
  }

  @Override
  public boolean hasNext() {
    return !closed && (!pending.isEmpty() || submitted < end);
  }

  /**
   * The next batch; close it once it has been fed.
   *
   * @throws JackpotException what the preparation threw, or if this thread was interrupted while it
   *     waited
   */
  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the epoch has no more batches");
    }
    submit(1); // with prefetch 0 nothing is pending yet
    Batch batch = await(pending.remove());
    submit(prefetch);
    return batch;
  }

  /** Brings the number of batches under preparation up to {@code count}. */
  private void submit(int count) {
    while (submitted < end && pending.size() < count) {
      pending.add(starter.start(submitted++, () -> closed));
    }
  }

  private static Batch await(Future<Batch> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JackpotException("interrupted while waiting for a batch", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new JackpotException("a batch could not be prepared: " + e.getCause(), e.getCause());
    }
  }

  /**
   * Drops the batches prepared ahead; returns once nothing of this stream runs in the background
   * any more.
   */
  @Override
  public void close() {
    closed = true;
    while (!pending.isEmpty()) {
      drop(pending.remove());
    }
  }

  private static void drop(Future<Batch> future) {
    try {
      future.get().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      // nobody waits for this batch any more, so its failure has no one to matter to
    }
  }
}
