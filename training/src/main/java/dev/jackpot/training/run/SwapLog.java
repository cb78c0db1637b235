package dev.jackpot.training.run;

import java.nio.file.Path;
import java.util.List;

/**
 * Reads and writes dependency.jsonl, a line a measurement. Append a line before a checkpoint of the
 * same step is written: then every checkpoint finds the lines up to its own place there.
 */
public final class SwapLog {
  private SwapLog() {}

  /**
   * All lines, in order; a torn last one is left out.
   *
   * @return no lines if there is no file: nothing was measured
   * @throws dev.jackpot.config.JackpotException if a line is not one of ours; the message starts
   *     with {@code FILE:LINE:}
   */
  public static List<SwapMeasurement> read(Path file) {
    return LineLog.values(file, SwapMeasurement::parse);
  }

  /**
   * Adds a line and forces it to the disk.
   *
   * @throws dev.jackpot.config.JackpotException if the disk is full or fails; the file is then as
   *     before
   */
  public static void append(Path file, SwapMeasurement measurement) {
    try (LineLog log = LineLog.open(file, SwapMeasurement::parse)) {
      log.append(measurement.toJson());
    }
  }

  /**
   * Drops what lies behind a checkpoint: lines of later stages, of later steps, a torn last line.
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
        SwapMeasurement::parse,
        stages,
        SwapMeasurement::stage,
        stage,
        line -> line.step() <= step);
  }
}
