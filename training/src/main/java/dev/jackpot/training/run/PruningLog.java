package dev.jackpot.training.run;

import java.nio.file.Path;
import java.util.List;

/** Reads and writes pruning.jsonl, a line for each event of a pruning schedule. */
public final class PruningLog {
  private PruningLog() {}

  /**
   * All lines, in order; a torn last one is left out.
   *
   * @return no lines if there is no file: no schedule has pruned anything
   * @throws dev.jackpot.config.JackpotException if a line is not one of ours; the message starts
   *     with {@code FILE:LINE:}
   */
  public static List<PruningRecord> read(Path file) {
    return LineLog.values(file, PruningRecord::parse);
  }

  /**
   * Adds lines and forces them to the disk.
   *
   * @throws dev.jackpot.config.JackpotException if the disk is full or fails; the file then ends
   *     with a whole line
   */
  public static void append(Path file, List<PruningRecord> records) {
    try (LineLog log = LineLog.open(file, PruningRecord::parse)) {
      records.forEach(r -> log.append(r.toJson()));
    }
  }

  /**
   * Drops what lies behind a checkpoint: lines of later stages, of its step and later ones, a torn
   * last line. An event comes before the step that follows, so a checkpoint of its step was made
   * before it, and the event will be again.
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
        PruningRecord::parse,
        stages,
        PruningRecord::stage,
        stage,
        line -> line.step() < step);
  }
}
