package dev.jackpot.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts {@code ./jackpot} as a user does, but with the classes under test: nothing is built. The
 * output goes to files, so that a process that stays behind cannot hold a pipe open.
 */
public final class Launch {
  private final List<String> command = new ArrayList<>();
  private final ProcessBuilder builder = new ProcessBuilder(command);
  private final Path out;
  private final Path err;

  /** Its output is kept in {@code folder}, in new files. */
  public Launch(Path folder, String... arguments) {
    this(Repository.root().resolve("jackpot"), folder, arguments);
    environment().put("JACKPOT_CLASSPATH", System.getProperty("java.class.path"));
  }

  Launch(Path launcher, Path folder, String... arguments) {
    command.add(launcher.toString());
    command.addAll(List.of(arguments));
    try {
      out = Files.createTempFile(folder, "stdout", "");
      err = Files.createTempFile(folder, "stderr", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    environment().keySet().removeIf(name -> name.startsWith("JACKPOT_"));
  }

  public Map<String, String> environment() {
    return builder.environment();
  }

  /** The folder it runs in; otherwise that of the tests. */
  public Launch in(Path folder) {
    builder.directory(folder.toFile());
    return this;
  }

  public Launch withInput(Path file) {
    builder.redirectInput(file.toFile());
    return this;
  }

  public Process start() {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it to its end and gives its exit code; fails after {@code seconds}. */
  public int run(long seconds) throws InterruptedException {
    Process process = start();
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.destroy();
      throw new AssertionError(command + " still runs after " + seconds + " s\n" + out() + err());
    }
    return process.exitValue();
  }

  /** What it has written to stdout so far. */
  public String out() {
    return read(out);
  }

  /** What it has written to stderr so far. */
  public String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
