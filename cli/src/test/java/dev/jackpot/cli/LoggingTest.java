package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.config.JackpotException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LoggingTest {
  private static final Logger LOGGER = LogManager.getLogger("dev.jackpot.test");

  @TempDir Path folder;

  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();

  @BeforeEach
  void captureTerminal() {
    System.setErr(new PrintStream(terminal, true, StandardCharsets.UTF_8));
    Logging.start();
  }

  @AfterEach
  void releaseTerminal() {
    System.setErr(stderr);
  }

  @Test
  void terminalShowsMessagesWithoutDetailOrStackTraces() {
    LOGGER.debug("not shown");
    LOGGER.info("epoch 1");
    LOGGER.warn("slow", new IllegalStateException("why"));
    assertThat(terminal.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("epoch 1", "warn: slow");
  }

  @Test
  void runLogHoldsEverythingWhileItIsOpen() throws IOException {
    Path log = folder.resolve("runs/a/log.txt");
    LOGGER.info("before");
    try (var open = Logging.openRunLog(log)) {
      LOGGER.trace("detail");
      LOGGER.error("failed", new IllegalStateException("the cause"));
      LoggerFactory.getLogger("some.library").debug("by SLF4J");
    }
    LOGGER.info("after");
    assertThat(Files.readString(log))
        .containsPattern("(?m)^\\d{4}-\\d\\d-\\d\\dT\\S+ TRACE \\[\\S+\\] d.j.test - detail$")
        .contains(
            "IllegalStateException: the cause",
            "at dev.jackpot.cli.LoggingTest",
            "s.library - by SLF4J")
        .doesNotContain("before", "after");
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .doesNotContain("detail", "by SLF4J", "at dev.jackpot");
  }

  @Test
  void runLogContinuesAnEarlierOne() throws IOException {
    Path log = folder.resolve("log.txt");
    Files.writeString(log, "earlier\n");
    try (var open = Logging.openRunLog(log)) {
      LOGGER.info("resumed");
    }
    assertThat(Files.readAllLines(log)).hasSize(2).first().isEqualTo("earlier");
  }

  @Test
  void unwritableRunLogIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Path log = file.resolve("log.txt");
    assertThatThrownBy(() -> Logging.openRunLog(log))
        .isInstanceOf(JackpotException.class)
        .hasMessageContaining(log.toString());
  }
}
