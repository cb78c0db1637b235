package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.exceptions.TFInvalidArgumentException;

class FailuresTest {
  private final StringWriter err = new StringWriter();

  private int tell(Throwable failure) {
    return Failures.tell(failure, new PrintWriter(err));
  }

  @AfterEach
  void closeLog() {
    RunLogs.close();
  }

  @Test
  void aConfigsProblemsHaveALineEach() {
    assertThat(tell(new ConfigException(List.of("one", "two")))).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly("jackpot: one", "jackpot: two");
  }

  @Test
  void aKnownFailureIsItsMessage() {
    assertThat(tell(new JackpotException("the disk is full", new IOException("ENOSPC"))))
        .isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("jackpot: the disk is full");
  }

  @Test
  void ofTensorFlowsPagesTheFirstLineIsTold() {
    RuntimeException pages = new TFInvalidArgumentException("bad shape\n\t [[{{node x}}]]\nmore");
    assertThat(Failures.lines(pages)).containsExactly("TensorFlow: bad shape");
  }

  @Test
  void errorsOfTheMachineSayWhatToDo() {
    assertThat(Failures.lines(new OutOfMemoryError("Java heap space")))
        .singleElement()
        .asString()
        .contains("Java heap space", "smaller batch");
    assertThat(Failures.lines(new UnsatisfiedLinkError("no tensorflow\nin path")))
        .singleElement()
        .asString()
        .contains("no tensorflow", "jackpot doctor")
        .doesNotContain("\n");
  }

  @Test
  void theTraceGoesToTheOpenLogAlone(@TempDir Path folder) throws IOException {
    Path log = folder.resolve("log.txt");
    RunLogs.open(log);
    assertThat(tell(new IllegalStateException("a mistake"))).isEqualTo(1);
    RunLogs.close();
    assertThat(err.toString().lines())
        .containsExactly("jackpot: internal error: IllegalStateException: a mistake");
    assertThat(Files.readString(log)).contains("IllegalStateException: a mistake", "\tat ");
  }

  @Test
  void withNoLogOpenTheTraceGetsAFileOfItsOwn() throws IOException {
    tell(new IllegalStateException("a mistake"));
    String last = err.toString().lines().toList().get(1);
    Path file = Path.of(last.replace("jackpot: the details are in ", ""));
    assertThat(Files.readString(file)).contains("a mistake", "\tat ");
    Files.delete(file);
  }
}
