package dev.jackpot.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.Marker;
import org.apache.logging.log4j.MarkerManager;

/**
 * Copies the lines that native libraries write to descriptor 2, which the launcher made a file,
 * into the log. They carry a marker, by which the terminal leaves them out.
 */
final class NativeLog implements AutoCloseable {
  static final String MARKER_NAME = "NATIVE";

  private static final Marker MARKER = MarkerManager.getMarker(MARKER_NAME);
  private static final Logger LOGGER = LogManager.getLogger("native");
  private static final AtomicBoolean FOLLOWED = new AtomicBoolean();
  private static final long PERIOD_MILLIS = 500;

  /**
   * {@code 2026-01-31 10:20:30.123456: W tensorflow/…} or absl's {@code E0000 00:00:1738318830.1
   * …}.
   */
  private static final Pattern SEVERITY =
      Pattern.compile("^(?:[-0-9]+ [:.0-9]+: ([IWEF]) |([IWEF])\\d{4} )");

  private final Path file;
  private final Thread follower;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private long position;

  /** Follows {@code file} from its beginning; a missing file has no lines yet. */
  NativeLog(Path file) {
    this.file = file;
    this.follower = new Thread(this::poll, "native-log");
    follower.setDaemon(true);
    follower.start();
  }

  /** Follows the launcher's file, if there is a launcher and nobody follows it yet. */
  static Optional<NativeLog> follow() {
    String file = System.getenv("JACKPOT_NATIVE_LOG");
    if (file == null || !FOLLOWED.compareAndSet(false, true)) {
      return Optional.empty();
    }
    return Optional.of(new NativeLog(Path.of(file)));
  }

  /** Stops, after the lines written so far. */
  @Override
  public void close() {
    follower.interrupt();
    try {
      follower.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    drain();
    if (pending.size() > 0) {
      emit();
    }
  }

  static Level level(String line) {
    Matcher matcher = SEVERITY.matcher(line);
    if (!matcher.find()) {
      return Level.INFO;
    }
    String severity = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return switch (severity) {
      case "W" -> Level.WARN;
      case "E" -> Level.ERROR;
      case "F" -> Level.FATAL;
      default -> Level.INFO;
    };
  }

  private void poll() {
    try {
      while (true) {
        drain();
        Thread.sleep(PERIOD_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void drain() {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(position);
      byte[] buffer = new byte[8192];
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        position += count;
        for (int i = 0; i < count; i++) {
          if (buffer[i] == '\n') {
            emit();
          } else {
            pending.write(buffer[i]);
          }
        }
      }
    } catch (IOException e) {
      LOGGER.debug("cannot read {}", file, e);
    }
  }

  private void emit() {
    String line = pending.toString(StandardCharsets.UTF_8).stripTrailing();
    pending.reset();
    if (!line.isEmpty()) {
      LOGGER.log(level(line), MARKER, "{}", line);
    }
  }
}
