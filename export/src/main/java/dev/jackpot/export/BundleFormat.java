package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * TensorFlow V2 checkpoints ("bundles"): {@link BundleReader}. The path may be the checkpoint's
 * prefix, its .index or one of its .data files, a folder with one checkpoint in it, or a
 * SavedModel's folder.
 */
final class BundleFormat implements WeightFormat {
  private static final String INDEX = ".index";
  private static final Pattern PART = Pattern.compile("(.+?)(?:\\.index|\\.data-\\d{5}-of-\\d{5})");

  @Override
  public String description() {
    return "TensorFlow V2 checkpoint (its prefix, its .index file, or its folder)";
  }

  @Override
  public boolean recognizes(Path path) {
    return prefix(path).isPresent();
  }

  @Override
  public WeightSource open(Path path) {
    return BundleReader.open(
        prefix(path)
            .orElseThrow(() -> new JackpotException(path + ": no TensorFlow checkpoint there")));
  }

  /**
   * What stands before ".index" in the checkpoint's file names, if {@code path} leads to a
   * checkpoint.
   */
  static Optional<Path> prefix(Path path) {
    if (Files.isDirectory(path)) {
      return inFolder(path);
    }
    if (path.getFileName() == null) {
      return Optional.empty();
    }
    if (Files.exists(path.resolveSibling(path.getFileName() + INDEX))) {
      return Optional.of(path);
    }
    Matcher part = PART.matcher(path.getFileName().toString());
    return part.matches() && Files.exists(path)
        ? Optional.of(path.resolveSibling(part.group(1)))
        : Optional.empty();
  }

  private static Optional<Path> inFolder(Path folder) {
    Path variables = folder.resolve("variables");
    if (Files.exists(variables.resolve("variables.index"))) {
      return Optional.of(variables.resolve("variables"));
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> indexes =
          files
              .map(f -> f.getFileName().toString())
              .filter(f -> f.endsWith(INDEX))
              .sorted()
              .toList();
      if (indexes.size() > 1) {
        throw new JackpotException(
            "%s: holds %d checkpoints, expected one; name the one to read: %s"
                .formatted(folder, indexes.size(), String.join(", ", indexes)));
      }
      return indexes.stream()
          .findFirst()
          .map(i -> folder.resolve(i.substring(0, i.length() - INDEX.length())));
    } catch (IOException e) {
      throw AtomicFiles.failure("list", folder, e);
    }
  }
}
