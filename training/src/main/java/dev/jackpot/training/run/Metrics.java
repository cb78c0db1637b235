package dev.jackpot.training.run;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads metrics.jsonl. */
public final class Metrics {
  private Metrics() {}

  /**
   * All lines, in order. A last line without a line end is one that a kill tore (or that is being
   * written just now); it is left out.
   *
   * @return no lines if there is no file: the first epoch has not ended
   * @throws JackpotException if a line is not one of ours; the message starts with {@code
   *     FILE:LINE:}
   */
  public static List<EpochMetrics> read(Path file) {
    List<EpochMetrics> metrics = new ArrayList<>();
    for (Line line : lines(file)) {
      metrics.add(line.metrics());
    }
    return List.copyOf(metrics);
  }

  /** A complete line: its text as it stands in the file, and what it says. */
  record Line(String text, EpochMetrics metrics) {}

  static List<Line> lines(Path file) {
    String text = text(file);
    List<Line> lines = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      String line = text.substring(start, end);
      lines.add(new Line(line, EpochMetrics.parse(file + ":" + (lines.size() + 1), line)));
      start = end + 1;
    }
    return lines;
  }

  private static String text(Path file) {
    if (!Files.exists(file)) {
      return "";
    }
    try {
      // Not readString: a torn line may end inside a character.
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
  }
}
