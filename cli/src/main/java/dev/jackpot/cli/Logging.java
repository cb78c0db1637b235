package dev.jackpot.cli;

import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.RollingFileAppender;
import org.apache.logging.log4j.core.appender.rolling.DefaultRolloverStrategy;
import org.apache.logging.log4j.core.appender.rolling.SizeBasedTriggeringPolicy;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * Where log lines go: the terminal's stderr (INFO and above, the message alone, no stack traces)
 * and, once a run has a folder, its {@code log.txt} (everything: Jackpot's lines from TRACE up,
 * those of libraries from DEBUG up, the native library's, stack traces). Libraries that log through
 * SLF4J or java.util.logging arrive here too.
 */
public final class Logging {
  private static final String RUN_LOG = "run-log";

  /** A log line: time with zone, level, thread, logger, message, stack trace. */
  private static final String FILE_PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%t] %logger{1.} - %msg%n%throwable";

  private static final String ROLL_AT = "20 MB";
  private static final int KEEP_ROLLED = 5;

  private static LoggerContext context;

  private Logging() {}

  /**
   * Sets the terminal and logging up. To be called first in {@code main}; a second call does
   * nothing.
   */
  public static synchronized void start() {
    if (context != null) {
      return;
    }
    Terminal.start();
    context = LoggerContext.getContext(false);
    startedFile().ifPresent(file -> write(file, ""));
    Launcher.endWithIt();
  }

  /** Until the result is closed the terminal gets warnings and errors only. */
  public static Quiet quiet() {
    start();
    terminal(Level.WARN);
    return () -> terminal(Level.INFO);
  }

  /** A quiet terminal; closing it lets information through again. */
  public interface Quiet extends AutoCloseable {
    @Override
    void close();
  }

  private static synchronized void terminal(Level level) {
    LoggerConfig root = context.getConfiguration().getRootLogger();
    Appender terminal = context.getConfiguration().getAppender(LogConfiguration.TERMINAL);
    root.removeAppender(terminal.getName());
    root.addAppender(terminal, level, null);
    context.updateLoggers();
  }

  /**
   * Also writes all log lines to a file, after what it already holds, until the result is closed.
   * The native library's lines since the start of the process come first. The file is rolled at 20
   * MB to {@code log.1.txt} and so on.
   *
   * @param logTxt the run's log file; its folder is made if need be
   * @throws JackpotException if it cannot be written
   */
  public static synchronized RunLog openRunLog(Path logTxt) {
    start();
    Path file = logTxt.toAbsolutePath();
    prepare(file);
    Configuration configuration = context.getConfiguration();
    RollingFileAppender appender = appender(file, configuration);
    appender.start();
    configuration.addAppender(appender);
    configuration
        .getLoggers()
        .values()
        .forEach(
            logger -> {
              if (!logger.isAdditive() || logger == configuration.getRootLogger()) {
                logger.addAppender(appender, Level.ALL, null);
              }
            });
    context.updateLoggers();
    startedFile().ifPresent(started -> write(started, file + "\n"));
    Optional<NativeLog> nativeLog = NativeLog.follow();
    return () -> {
      nativeLog.ifPresent(NativeLog::close);
      synchronized (Logging.class) {
        configuration
            .getLoggers()
            .values()
            .forEach(logger -> logger.removeAppender(appender.getName()));
        context.updateLoggers();
        appender.stop();
      }
    };
  }

  /**
   * An open {@code log.txt}; closing it stops the writing, after the native library's last lines.
   */
  public interface RunLog extends AutoCloseable {
    @Override
    void close();
  }

  private static void prepare(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException e) {
      throw new JackpotException("log file %s: cannot be written: %s".formatted(file, e), e);
    }
  }

  private static RollingFileAppender appender(Path file, Configuration configuration) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    String rolled = dot < 0 ? name + ".%i" : name.substring(0, dot) + ".%i" + name.substring(dot);
    return RollingFileAppender.newBuilder()
        .setName(RUN_LOG + ":" + file)
        .setConfiguration(configuration)
        .setFileName(file.toString())
        .setFilePattern(file.resolveSibling(rolled).toString())
        .setPolicy(SizeBasedTriggeringPolicy.createPolicy(ROLL_AT))
        .setStrategy(
            DefaultRolloverStrategy.newBuilder()
                .setMax(String.valueOf(KEEP_ROLLED))
                .setConfig(configuration)
                .build())
        .setLayout(
            PatternLayout.newBuilder()
                .setPattern(FILE_PATTERN)
                .setConfiguration(configuration)
                .build())
        .build();
  }

  /** The file by which the launcher learns that the program has begun, and where its log is. */
  private static Optional<Path> startedFile() {
    return Optional.ofNullable(System.getenv("JACKPOT_STARTED")).map(Path::of);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
