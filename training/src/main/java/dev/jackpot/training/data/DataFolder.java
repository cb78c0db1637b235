package dev.jackpot.training.data;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The folder that a config names, checked. */
final class DataFolder {
  private DataFolder() {}

  /**
   * The folder at a path.
   *
   * @param path as the config gives it
   * @param what is expected in it, for messages
   * @throws ConfigException if there is no such folder
   */
  static Path find(String path, String what) {
    if (path.isBlank()) {
      throw new ConfigException("data.path: none is given; expected %s".formatted(what));
    }
    Path folder;
    try {
      folder = Path.of(path);
    } catch (InvalidPathException e) {
      throw new ConfigException("data.path: \"%s\" is no path: %s".formatted(path, e.getReason()));
    }
    if (!Files.exists(folder)) {
      throw new ConfigException(
          "data.path: folder \"%s\" does not exist; expected %s".formatted(path, what));
    }
    if (!Files.isDirectory(folder)) {
      throw new ConfigException("data.path: \"%s\" is a file; expected %s".formatted(path, what));
    }
    return folder;
  }

  /**
   * Refuses two splits in one folder, whatever links lead there.
   *
   * @throws ConfigException if one folder is the other or lies in it
   */
  static void requireApart(Path train, Path test) {
    try {
      Path first = train.toRealPath();
      Path second = test.toRealPath();
      if (first.startsWith(second) || second.startsWith(first)) {
        throw new ConfigException(
            "data: the splits overlap: \"%s\" for training and \"%s\" for testing are %s"
                .formatted(
                    train, test, first.equals(second) ? "one folder" : "inside one another"));
      }
    } catch (IOException e) {
      throw new JackpotException("cannot read \"%s\" or \"%s\": %s".formatted(train, test, e), e);
    }
  }
}
