package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the files of a CIFAR data set in the folder that a config names, or says what lies there
 * instead.
 */
final class CifarFolder {
  private static final String HOME = "https://www.cs.toronto.edu/~kriz/cifar.html";

  private final CifarLayout layout;
  private final Path folder;

  private CifarFolder(CifarLayout layout, Path folder) {
    this.layout = layout;
    this.folder = folder;
  }

  /**
   * The folder that holds all the files of a data set: the given one, or the official archive's
   * folder inside of it.
   *
   * @throws ConfigException if no path is given, it is no folder, or files are missing
   */
  static Path find(CifarLayout layout, String path) {
    if (path.isBlank()) {
      throw new ConfigException(
          "data.path: no folder is given for %s; %s".formatted(layout.name(), hint(layout)));
    }
    Path given = parse(path);
    if (!Files.exists(given)) {
      throw new ConfigException(
          "data.path: folder \"%s\" does not exist; %s".formatted(path, hint(layout)));
    }
    if (!Files.isDirectory(given)) {
      throw new ConfigException(
          "data.path: \"%s\" is a file; expected the folder with %s%s"
              .formatted(path, layout.trainFiles().get(0), unpack(path)));
    }
    Path inner = given.resolve(layout.folder());
    boolean nested = !Files.exists(given.resolve(layout.testFile())) && Files.isDirectory(inner);
    new CifarFolder(layout, nested ? inner : given).requireFiles();
    return nested ? inner : given;
  }

  private static Path parse(String path) {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new ConfigException(
          "data.path: \"%s\" is not a path: %s".formatted(path, e.getReason()));
    }
  }

  private static String hint(CifarLayout layout) {
    return "give the folder with --set data.path=DIR (the binary version of %s is at %s)"
        .formatted(layout.name(), HOME);
  }

  private void requireFiles() {
    List<String> missing =
        layout.files().stream().filter(f -> !Files.isRegularFile(folder.resolve(f))).toList();
    if (missing.isEmpty()) {
      return;
    }
    String foreign = foreign();
    if (missing.size() == layout.files().size()) {
      throw new ConfigException(
          "data.path: \"%s\" holds none of the files of %s (%s)%s; %s"
              .formatted(folder, layout.name(), String.join(", ", missing), foreign, hint(layout)));
    }
    throw new ConfigException(
        missing.stream()
            .map(
                f ->
                    "data.path: \"%s\" has no %s; expected %s%s"
                        .formatted(folder, f, String.join(", ", layout.files()), foreign))
            .toList());
  }

  /** What seems to lie in the folder instead. */
  private String foreign() {
    List<String> found = new ArrayList<>();
    for (CifarLayout other : List.of(CifarLayout.CIFAR10, CifarLayout.CIFAR100_FINE)) {
      if (!other.name().equals(layout.name()) && exists(other.testFile())) {
        found.add(
            "%s, for which the config says data { %s }"
                .formatted(other.name(), other == CifarLayout.CIFAR10 ? "cifar10" : "cifar100"));
      }
    }
    if (exists("data_batch_1")
        || exists("train") && exists("meta")
        || exists("cifar-10-batches-py")
        || exists("cifar-100-python")) {
      found.add("the version for Python, where the binary version is needed");
    }
    archive()
        .ifPresent(name -> found.add("the archive " + name + ", which is to be unpacked first"));
    return found.isEmpty() ? "" : "; it looks like " + String.join(" and ", found);
  }

  private boolean exists(String name) {
    return Files.exists(folder.resolve(name));
  }

  private Optional<String> archive() {
    try (var files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.startsWith("cifar") && !unpack(n).isEmpty())
          .sorted()
          .findFirst();
    } catch (IOException e) {
      throw new ConfigException("data.path: cannot list \"%s\": %s".formatted(folder, e));
    }
  }

  private static String unpack(String name) {
    boolean archive = name.endsWith(".tar.gz") || name.endsWith(".tgz") || name.endsWith(".zip");
    return archive ? " (unpack the archive first)" : "";
  }
}
