package dev.jackpot.training.run;

import java.nio.file.Path;
import java.util.List;

/** Reads metrics.jsonl. */
public final class Metrics {
  private Metrics() {}

  /**
   * All lines, in order. A last line without a line end is one that a kill tore (or that is being
   * written just now); it is left out.
   *
   * @return no lines if there is no file: the first epoch has not ended
   * @throws dev.jackpot.config.JackpotException if a line is not one of ours; the message starts
   *     with {@code FILE:LINE:}
   */
  public static List<EpochMetrics> read(Path file) {
    return LineLog.values(file, EpochMetrics::parse);
  }
}
