package dev.jackpot.cli;

import dev.jackpot.training.download.DownloadProgress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A download's progress: a line that is drawn over and over on a terminal, a log line every ten
 * seconds elsewhere.
 */
final class DownloadLine implements DownloadProgress, AutoCloseable {
  private static final Logger LOG = LogManager.getLogger(DownloadLine.class);
  private static final long REDRAW_NANOS = 250_000_000L;
  private static final long LOG_NANOS = 10_000_000_000L;

  private final String file;
  private final PrintStream terminal; // null: nobody watches
  private final int width;
  private final LongSupplier nanos;
  private Phase phase;
  private long last;
  private long phaseStart;
  private long doneBefore;
  private boolean drawn;

  DownloadLine(String file, PrintStream terminal, int columns, LongSupplier nanos) {
    this.file = file;
    this.terminal = terminal;
    this.width = Math.max(20, columns - 1); // a full last column would wrap
    this.nanos = nanos;
  }

  static DownloadLine of(String file) {
    return new DownloadLine(
        file,
        Terminal.isInteractive() ? Terminal.err() : null,
        Terminal.columns(),
        System::nanoTime);
  }

  @Override
  public void at(Phase now, long done, long total) {
    long time = nanos.getAsLong();
    if (now != phase) {
      phase = now;
      phaseStart = time;
      doneBefore = done;
      last = time;
    }
    if (time - last >= (terminal == null ? LOG_NANOS : REDRAW_NANOS)) {
      last = time;
      tell(words(done, total, (time - phaseStart) / 1e9));
    }
  }

  private String words(long done, long total, double seconds) {
    if (phase == Phase.UNPACKING) {
      return String.format(Locale.ROOT, "%s: unpacking, %d entries", file, done);
    }
    return String.format(
        Locale.ROOT,
        "%s: %s %.0f %% of %.0f MB, %.1f MB/s",
        file,
        phase == Phase.FETCHING ? "fetching" : "checking",
        100.0 * done / total,
        total / 1e6,
        (done - doneBefore) / 1e6 / seconds);
  }

  private void tell(String words) {
    if (terminal == null) {
      LOG.info(words);
      return;
    }
    String cut = words.length() > width ? words.substring(0, width) : words;
    terminal.print("\r" + cut + " ".repeat(width - cut.length()));
    terminal.flush();
    drawn = true;
  }

  /** Takes the line off the terminal. */
  @Override
  public void close() {
    if (drawn) {
      terminal.print("\r" + " ".repeat(width) + "\r");
      terminal.flush();
    }
  }
}
