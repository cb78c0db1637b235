package dev.jackpot.training.download;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A stream that is closed, and so fails, when nothing has come for a while: java.net.http has no
 * time limit for a body.
 */
final class StallWatch implements AutoCloseable {
  private final InputStream in;
  private final Duration patience;
  private final ScheduledExecutorService clock;
  private volatile long last = System.nanoTime();
  private volatile boolean stalled;

  StallWatch(InputStream in, Duration patience) {
    this.in = in;
    this.patience = patience;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "download-watch");
              thread.setDaemon(true);
              return thread;
            });
    long period = Math.max(1, patience.toMillis() / 4);
    var unused = clock.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (System.nanoTime() - last > patience.toNanos()) {
      stalled = true;
      try {
        in.close();
      } catch (IOException e) {
        // the read that waits fails all the same
      }
    }
  }

  /** As {@link InputStream#read(byte[])}. */
  int read(byte[] buffer) throws IOException {
    try {
      int n = in.read(buffer);
      last = System.nanoTime();
      if (stalled) {
        throw new IOException("closed");
      }
      return n;
    } catch (IOException e) {
      if (stalled) {
        throw new IOException("nothing came for %d s".formatted(patience.toSeconds()), e);
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    in.close();
  }
}
