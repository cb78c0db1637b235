package dev.jackpot.training.run;

import dev.jackpot.config.JackpotException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Appends to metrics.jsonl, a line an epoch, each forced to the disk before {@link #append}
 * returns. A line that cannot be written whole is taken back.
 *
 * <p>Append an epoch's line before its checkpoint is written: then every checkpoint finds the lines
 * up to its own place there, and {@link #truncateAfter} drops those behind it.
 */
public final class MetricsLog implements Closeable {
  private final LineLog log;

  private MetricsLog(LineLog log) {
    this.log = log;
  }

  MetricsLog(Path file, FileChannel channel) throws IOException {
    this(new LineLog(file, channel));
  }

  /**
   * Opens the log for appending; creates it if it is missing. What follows the last line end is cut
   * off.
   *
   * @throws JackpotException if it cannot be opened, or a line of it is not one of ours
   */
  public static MetricsLog open(Path file) {
    return new MetricsLog(LineLog.open(file, EpochMetrics::parse));
  }

  /**
   * Drops what lies behind a checkpoint: lines of later stages, later epochs of its stage, a torn
   * last line. Call it before {@link #open}.
   *
   * @param stages the names of all stages, in the order they run
   * @param stage the checkpoint's stage
   * @param epoch epochs of it that the checkpoint has finished; 0: the stage had only begun
   * @throws JackpotException if a line is not one of ours or names a stage that is not in {@code
   *     stages}
   */
  public static void truncateAfter(Path file, List<String> stages, String stage, int epoch) {
    LineLog.truncate(
        file,
        EpochMetrics::parse,
        stages,
        EpochMetrics::stage,
        stage,
        line -> line.epoch() <= epoch);
  }

  /**
   * Writes the line and forces it to the disk.
   *
   * @throws JackpotException if the disk is full or fails; the file is then as before
   */
  public void append(EpochMetrics metrics) {
    log.append(metrics.toJson());
  }

  @Override
  public void close() {
    log.close();
  }
}
