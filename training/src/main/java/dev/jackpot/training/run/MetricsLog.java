package dev.jackpot.training.run;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Appends to metrics.jsonl, a line an epoch, each forced to the disk before {@link #append}
 * returns. A line that cannot be written whole is taken back.
 *
 * <p>Append an epoch's line before its checkpoint is written: then every checkpoint finds the lines
 * up to its own place there, and {@link #truncateAfter} drops those behind it.
 */
public final class MetricsLog implements Closeable {
  private final Path file;
  private final FileChannel channel;
  private long length;

  MetricsLog(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    length = channel.size();
  }

  /**
   * Opens the log for appending; creates it if it is missing. What follows the last line end is cut
   * off.
   *
   * @throws JackpotException if it cannot be opened, or a line of it is not one of ours
   */
  public static MetricsLog open(Path file) {
    List<Metrics.Line> lines = Metrics.lines(file);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        channel.truncate(text(lines).length);
        AtomicFiles.forceDirectory(file.toAbsolutePath().getParent());
        return new MetricsLog(file, channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw AtomicFiles.failure("open", file, e);
    }
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
    if (!stages.contains(stage)) {
      throw new IllegalArgumentException("no stage %s in %s".formatted(stage, stages));
    }
    if (!Files.exists(file)) {
      return;
    }
    List<Metrics.Line> lines = Metrics.lines(file);
    List<Metrics.Line> kept =
        lines.stream().filter(l -> isUpTo(l.metrics(), file, stages, stage, epoch)).toList();
    byte[] text = text(kept);
    if (text.length != size(file)) {
      AtomicFiles.write(file, text);
    }
  }

  private static boolean isUpTo(
      EpochMetrics line, Path file, List<String> stages, String stage, int epoch) {
    int index = stages.indexOf(line.stage());
    if (index < 0) {
      throw new JackpotException(
          "%s: a line is of stage \"%s\"; expected one of %s"
              .formatted(file, line.stage(), String.join(", ", stages)));
    }
    int last = stages.indexOf(stage);
    return index < last || (index == last && line.epoch() <= epoch);
  }

  /**
   * Writes the line and forces it to the disk.
   *
   * @throws JackpotException if the disk is full or fails; the file is then as before
   */
  public void append(EpochMetrics metrics) {
    ByteBuffer line = ByteBuffer.wrap((metrics.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
    long end = length;
    try {
      while (line.hasRemaining()) {
        end += channel.write(line, end);
      }
      channel.force(true);
      length = end;
    } catch (IOException e) {
      takeBack(e);
      throw AtomicFiles.failure("write", file, e);
    }
  }

  private void takeBack(IOException cause) {
    try {
      channel.truncate(length);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw AtomicFiles.failure("close", file, e);
    }
  }

  private static byte[] text(List<Metrics.Line> lines) {
    return lines.stream()
        .map(l -> l.text() + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
  }
}
