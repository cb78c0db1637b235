package dev.jackpot.training.run;

import dev.jackpot.training.run.SheddingMeasurement.Cause;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads and writes shedding.jsonl, a line a measurement. Append a line before a checkpoint of the
 * same step is written: then every checkpoint finds the lines up to its own place there.
 */
public final class SheddingLog {
  private SheddingLog() {}

  /**
   * All lines, in order; a torn last one is left out.
   *
   * @return no lines if there is no file: nothing was measured
   * @throws dev.jackpot.config.JackpotException if a line is not one of ours; the message starts
   *     with {@code FILE:LINE:}
   */
  public static List<SheddingMeasurement> read(Path file) {
    return LineLog.values(file, SheddingLine::parse);
  }

  /** Those of one stage. */
  public static List<SheddingMeasurement> read(Path file, String stage) {
    return read(file).stream().filter(m -> m.moment().stage().equals(stage)).toList();
  }

  /**
   * Adds a line and forces it to the disk.
   *
   * @throws dev.jackpot.config.JackpotException if the disk is full or fails; the file is then as
   *     before
   */
  public static void append(Path file, SheddingMeasurement measurement) {
    // lines that are there are long and were read when the run began
    try (LineLog log = LineLog.open(file, (place, line) -> line)) {
      log.append(SheddingLine.text(measurement));
    }
  }

  /**
   * Drops what lies behind a checkpoint: lines of later stages, of later steps, of an event between
   * the checkpoint's step and the next (which comes again), a torn last line.
   *
   * @param stages the names of all stages, in the order they run
   * @param stage the checkpoint's stage
   * @param step steps of all stages that the checkpoint has done
   * @throws dev.jackpot.config.JackpotException if a line is not one of ours or names a stage that
   *     is not in {@code stages}
   */
  public static void truncateAfter(Path file, List<String> stages, String stage, long step) {
    LineLog.truncate(
        file,
        SheddingLine::parse,
        stages,
        line -> line.moment().stage(),
        stage,
        line ->
            line.moment().step() < step
                || line.moment().step() == step && line.cause() != Cause.EVENT);
  }
}
