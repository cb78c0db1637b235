package dev.jackpot.tests;

import java.nio.file.Files;
import java.nio.file.Path;

/** Places in the checkout. */
public final class Repository {
  private Repository() {}

  /** The checkout's root: the folder above this module that holds the launcher. */
  public static Path root() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve("jackpot"))
          && Files.isDirectory(folder.resolve("tests"))) {
        return folder;
      }
    }
    throw new IllegalStateException(
        "not inside a checkout of Jackpot: " + Path.of("").toAbsolutePath());
  }

  /** A program that produces reference values, or what it needs. */
  public static Path peers() {
    return root().resolve("tests/peers");
  }
}
