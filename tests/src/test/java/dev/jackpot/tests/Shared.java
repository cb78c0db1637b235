package dev.jackpot.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Real weights and images, which lie beside a checkout in ../shared where they are at all. */
final class Shared {
  private Shared() {}

  /** A file or folder below ../shared; the test is skipped where it is missing. */
  static Path path(String name) {
    Path path = Repository.root().resolveSibling("shared").resolve(name);
    assumeTrue(Files.exists(path), "needs ../shared/" + name);
    return path;
  }

  /** The 8,336 + 1,017 official CIFAR-10 images, unpacked below {@code folder}. */
  static Path exactCifar10(Path folder) throws IOException, InterruptedException {
    Path archive = path("data/cifar10-exact.tar.gz");
    run("tar", "xzf", archive.toString(), "-C", folder.toString());
    return folder.resolve("cifar-10-exact-bin");
  }

  /** All of CIFAR-10 (JPEG) in binary batches, below {@code folder}. */
  static Path jpegCifar10(Path folder) throws IOException, InterruptedException {
    Path program = path("data/PrepareCifar10.java");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    run(java.toString(), program.toString(), folder.toString());
    return folder;
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " exited with " + process.exitValue());
    }
  }
}
