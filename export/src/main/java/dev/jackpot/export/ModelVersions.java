package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A model's versions as TensorFlow Serving keeps them: folders named by whole numbers in the
 * model's folder, the highest of which is served. What is being written has another kind of name,
 * so a watching server does not see it.
 */
public final class ModelVersions {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,200}");

  private ModelVersions() {}

  /** Whether a SavedModel is in the folder. */
  public static boolean isModel(Path folder) {
    return Files.isRegularFile(folder.resolve(SavedModelWriter.FILE));
  }

  /**
   * The SavedModel that a path means: its own folder, or that of the highest version in it.
   *
   * @return empty if there is none
   */
  public static Optional<Path> newest(Path path) {
    if (isModel(path)) {
      return Optional.of(path);
    }
    long highest = highest(path, true);
    return highest < 0 ? Optional.empty() : Optional.of(path.resolve(name(path, highest)));
  }

  /**
   * Where a model goes that is to be written at {@code path}: there, if its name is a version or a
   * SavedModel is there already; else into the next version in it, the first being 1.
   *
   * @throws ConfigException if it is a file
   */
  public static Path target(Path path) {
    return isAutomatic(path) ? next(path) : path;
  }

  /** Whether a model that is to be written at {@code path} gets the next version in it. */
  static boolean isAutomatic(Path path) {
    if (path.toAbsolutePath().normalize().getFileName() == null) {
      throw new ConfigException("%s: expected a folder for a model".formatted(path));
    }
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw new ConfigException("%s: a file; expected a folder for a model".formatted(path));
    }
    return version(path.toAbsolutePath().normalize()).isEmpty() && !isModel(path);
  }

  private static Path next(Path path) {
    long highest = Math.max(0, highest(path, false));
    if (highest == Long.MAX_VALUE) {
      throw new ConfigException(
          "%s: version %d is there, and there is no higher one".formatted(path, highest));
    }
    return path.resolve(Long.toString(highest + 1));
  }

  /** The number that a folder has for its name, as TensorFlow Serving reads it; empty for none. */
  private static OptionalLong version(Path folder) {
    String name = folder.getFileName().toString();
    if (!DIGITS.matcher(name).matches()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(name));
    } catch (NumberFormatException e) {
      return OptionalLong.empty(); // more than 64 bits
    }
  }

  /** The highest number that a folder in {@code path} has for its name; −1 if none has one. */
  private static long highest(Path path, boolean models) {
    if (!Files.isDirectory(path)) {
      return -1;
    }
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(p -> !models || isModel(p))
          .flatMapToLong(p -> version(p).stream())
          .max()
          .orElse(-1);
    } catch (IOException e) {
      throw AtomicFiles.failure("list", path, e);
    }
  }

  /** A version may be written with leading zeros. */
  private static String name(Path path, long version) {
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(p -> version(p).equals(OptionalLong.of(version)) && isModel(p))
          .map(p -> p.getFileName().toString())
          .sorted()
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw AtomicFiles.failure("list", path, e);
    }
  }
}
