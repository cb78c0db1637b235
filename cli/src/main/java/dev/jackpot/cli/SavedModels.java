package dev.jackpot.cli;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.training.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the SavedModel that a path means. */
final class SavedModels {
  private static final String FILE = "saved_model.pb";

  private SavedModels() {}

  static boolean isAt(Path path) {
    return Files.isRegularFile(path.resolve(FILE));
  }

  /**
   * The SavedModel itself, the highest version in a folder of them, or a run's.
   *
   * @throws ConfigException if there is none
   */
  static Path find(Path path) {
    if (!Files.exists(path)) {
      throw new ConfigException("%s: no such SavedModel or run".formatted(path));
    }
    return newest(path)
        .or(() -> isRun(path) ? newest(RunDirectory.open(path).savedModels()) : Optional.empty())
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

  private static Optional<Path> newest(Path path) {
    if (isAt(path)) {
      return Optional.of(path);
    }
    if (!Files.isDirectory(path)) {
      return Optional.empty();
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(p -> p.getFileName().toString().matches("[0-9]{1,18}") && isAt(p))
          .max(Comparator.comparingLong(p -> Long.parseLong(p.getFileName().toString())));
    } catch (IOException e) {
      throw AtomicFiles.failure("list", path, e);
    }
  }
}
