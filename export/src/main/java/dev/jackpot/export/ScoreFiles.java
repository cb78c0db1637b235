package dev.jackpot.export;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scores that a search has left in a checkpoint: its variables called KERNEL/score. */
public final class ScoreFiles {
  private static final String SCORE = "/score";

  private ScoreFiles() {}

  /**
   * Reads them.
   *
   * @param path a run, whose newest whole checkpoint that has scores is read (a stage after the
   *     search has none), or a checkpoint
   * @return scores by kernel name
   * @throws ConfigException if nothing is there
   * @throws JackpotException naming the path if it is damaged or has no scores
   */
  public static Map<String, HostTensor> read(Path path) {
    boolean run = RunFormat.isRun(path) && !RunFormat.isCheckpoint(path);
    Map<String, HostTensor> scores = run ? ofRun(path) : of(path);
    if (scores.isEmpty()) {
      throw new JackpotException(
          "%s: holds no scores: expected what a search has left".formatted(path));
    }
    return scores;
  }

  private static Map<String, HostTensor> ofRun(Path run) {
    List<StoredCheckpoint> left = RunFormat.checkpoints(run);
    while (true) {
      Optional<StoredCheckpoint> newest = RunFormat.newest(left);
      if (newest.isEmpty()) {
        return Map.of();
      }
      Map<String, HostTensor> scores = of(newest.get().directory());
      if (!scores.isEmpty()) {
        return scores;
      }
      left = left.subList(0, left.indexOf(newest.get()));
    }
  }

  private static Map<String, HostTensor> of(Path path) {
    Path stored = RunFormat.isCheckpoint(path) ? RunFormat.checkpoint(path) : path;
    Map<String, HostTensor> scores = new LinkedHashMap<>();
    try (WeightSource source = WeightFormats.openAsStored(stored)) {
      for (ArrayInfo array : source.arrays()) {
        if (array.name().endsWith(SCORE)) {
          String kernel = array.name().substring(0, array.name().length() - SCORE.length());
          scores.put(kernel, source.read(array.name()));
        }
      }
    }
    return scores;
  }
}
