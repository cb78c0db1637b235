package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this program itself keeps of a training: a checkpoint's folder, or a run directory, whose
 * newest checkpoint is read. Only parameters are shown: masks, scores and optimizer slots are state
 * of one training. Kernels are as stored, their masks not applied.
 */
final class RunFormat implements WeightFormat {
  private static final String CHECKPOINT = "checkpoint.json";
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

  private static Path checkpoint(Path path) {
    if (isCheckpoint(path)) {
      return path;
    }
    List<Path> all = checkpoints(path);
    if (all.isEmpty()) {
      throw new JackpotException(path + ": the run has no checkpoint yet");
    }
    return all.get(all.size() - 1);
  }

  static boolean isRun(Path path) {
    return Files.isRegularFile(path.resolve(RUN));
  }

  private static boolean isCheckpoint(Path path) {
    return Files.isRegularFile(path.resolve(CHECKPOINT));
  }

  /** A run's checkpoints, oldest first: their names begin with stage, epoch and step. */
  static List<Path> checkpoints(Path run) {
    Path folder = run.resolve("checkpoints");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(RunFormat::isCheckpoint)
          .filter(p -> !p.getFileName().toString().startsWith(AtomicFiles.PREFIX))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw AtomicFiles.failure("list", folder, e);
    }
  }
}
