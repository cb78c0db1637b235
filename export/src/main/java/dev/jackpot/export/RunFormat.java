package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What this program itself keeps of a training: a checkpoint's folder, or a run directory, whose
 * newest whole checkpoint is read. Only parameters are shown: masks, scores and optimizer slots are
 * state of one training. Kernels are as stored, their masks not applied.
 */
final class RunFormat implements WeightFormat {
  private static final Logger LOG = LogManager.getLogger(RunFormat.class);
  private static final String RUN = "config.textproto";
  private static final String STATE = "state";

  @Override
  public String description() {
    return "run directory or checkpoint of this program";
  }

  @Override
  public boolean recognizes(Path path) {
    return isCheckpoint(path) || isRun(path);
  }

  @Override
  public WeightSource open(Path path) {
    return new ParameterSource(BundleReader.open(checkpoint(path).resolve(STATE)));
  }

  /** The checkpoint that a path means: itself, or a run's newest whole one. */
  static Path checkpoint(Path path) {
    if (isCheckpoint(path)) {
      StoredCheckpoint.read(path).check();
      return path;
    }
    return newest(checkpoints(path))
        .orElseThrow(
            () ->
                new JackpotException(
                    path
                        + (directories(path).isEmpty()
                            ? ": the run has no checkpoint yet"
                            : ": all checkpoints of the run are damaged")))
        .directory();
  }

  /** The last whole one; damaged ones are passed over with a warning. */
  static Optional<StoredCheckpoint> newest(List<StoredCheckpoint> checkpoints) {
    for (int i = checkpoints.size() - 1; i >= 0; i--) {
      try {
        checkpoints.get(i).check();
        return Optional.of(checkpoints.get(i));
      } catch (JackpotException e) {
        LOG.warn("{}; an earlier checkpoint is used", e.getMessage());
      }
    }
    return Optional.empty();
  }

  static boolean isRun(Path path) {
    return Files.isRegularFile(path.resolve(RUN));
  }

  static boolean isCheckpoint(Path path) {
    return Files.isRegularFile(path.resolve(StoredCheckpoint.DESCRIPTION));
  }

  /**
   * A run's checkpoints, oldest first, their files not checked; those that do not say where they
   * stand are left out with a warning.
   */
  static List<StoredCheckpoint> checkpoints(Path run) {
    List<StoredCheckpoint> found = new ArrayList<>();
    for (Path directory : directories(run)) {
      try {
        found.add(StoredCheckpoint.read(directory));
      } catch (JackpotException e) {
        LOG.warn("{}; it is passed over", e.getMessage());
      }
    }
    found.sort(StoredCheckpoint.ORDER);
    return found;
  }

  private static List<Path> directories(Path run) {
    Path folder = run.resolve("checkpoints");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(RunFormat::isCheckpoint)
          .filter(p -> !p.getFileName().toString().startsWith(AtomicFiles.PREFIX))
          .toList();
    } catch (IOException e) {
      throw AtomicFiles.failure("list", folder, e);
    }
  }
}
