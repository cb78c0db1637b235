package dev.jackpot.cli;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.export.NativeErrors;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Tells a person what went wrong: a line a problem on the terminal, the stack trace in the log. A
 * failure that has no message of ours leaves its trace in a file of its own if no log is open.
 */
final class Failures {
  private static final Logger LOG = LogManager.getLogger(Failures.class);
  private static final int FAILED = 1;

  private Failures() {}

  /**
   * Tells it.
   *
   * @return the exit code
   */
  static int tell(Throwable failure, PrintWriter err) {
    for (String line : lines(failure)) {
      err.println("jackpot: " + line);
    }
    if (failure instanceof JackpotException known) {
      LOG.debug("failed", failure);
      return known.exitCode();
    }
    keepTrace(failure, err);
    return FAILED;
  }

  /** What a person reads. */
  static List<String> lines(Throwable failure) {
    if (failure instanceof ConfigException config) {
      return config.problems();
    } else if (failure instanceof JackpotException known) {
      return known.getMessage().lines().toList();
    } else if (failure instanceof OutOfMemoryError) {
      return List.of(
          "out of memory (%s); use a smaller batch, or give the JVM more: JACKPOT_JAVA_OPTS=-Xmx4g"
              .formatted(firstLine(failure)));
    } else if (failure instanceof LinkageError) {
      return List.of(
          "TensorFlow's native library cannot be used: %s: %s (see `jackpot doctor`)"
              .formatted(failure.getClass().getSimpleName(), firstLine(failure)));
    } else if (NativeErrors.isTensorFlows(failure)) {
      return List.of("TensorFlow: " + firstLine(failure));
    } else if (failure instanceof IOException || failure instanceof UncheckedIOException) {
      return List.of("input or output failed: " + firstLine(failure));
    }
    return List.of(
        "internal error: %s: %s".formatted(failure.getClass().getSimpleName(), firstLine(failure)));
  }

  private static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
  }

  private static void keepTrace(Throwable failure, PrintWriter err) {
    if (RunLogs.isOpen()) {
      LOG.debug("failed", failure);
      return;
    }
    try {
      Path file = Files.createTempFile("jackpot-", ".log");
      try (Logging.RunLog log = Logging.openRunLog(file)) {
        LOG.debug("failed", failure);
      }
      err.println("jackpot: the details are in " + file);
    } catch (IOException | JackpotException e) {
      LOG.debug("no trace could be kept", e);
    }
  }
}
