package dev.jackpot.export;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The weights and checkpoints of others that lie beside the project; tests that need them are
 * skipped without them.
 */
final class GivenFiles {
  private GivenFiles() {}

  /** A path in the folder "shared" beside the project's root, whatever folder the test runs in. */
  static Path given(String path) {
    Path folder = Path.of("").toAbsolutePath();
    while (folder.getParent() != null && !Files.isDirectory(folder.resolve("shared/pretrained"))) {
      folder = folder.getParent();
    }
    Path file = folder.resolve("shared").resolve(path);
    assumeTrue(Files.exists(file), "skipped: shared/" + path + " is not beside the project");
    return file;
  }
}
