package dev.jackpot.cli;

import dev.jackpot.config.ConfigException;
import dev.jackpot.export.ModelVersions;
import dev.jackpot.training.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the SavedModel that a path means. */
final class SavedModels {
  private static final String FILE = "saved_model.pb";

  private SavedModels() {}

  /**
   * The SavedModel itself, the highest version in a folder of them, or a run's.
   *
   * @throws ConfigException if there is none
   */
  static Path find(Path path) {
    if (!Files.exists(path)) {
      throw new ConfigException("%s: no such SavedModel or run".formatted(path));
    }
    return ModelVersions.newest(path)
        .or(
            () ->
                isRun(path)
                    ? ModelVersions.newest(RunDirectory.open(path).savedModels())
                    : Optional.empty())
        .orElseThrow(
            () ->
                new ConfigException(
                    isRun(path)
                        ? "%s: the run has no SavedModel; write one: jackpot export %s --out DIR"
                            .formatted(path, path)
                        : "%s: expected a SavedModel (a folder with %s), a folder of its versions,"
                                .formatted(path, FILE)
                            + " or a run"));
  }

  static boolean isRun(Path path) {
    return Files.isRegularFile(path.resolve("config.textproto"));
  }
}
