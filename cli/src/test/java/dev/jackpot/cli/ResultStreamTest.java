package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultStreamTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int code(OutputStream target, int code) {
    ResultStream stream = new ResultStream(target);
    PrintWriter out = new PrintWriter(stream, false, StandardCharsets.UTF_8);
    Commands.run(out, new PrintWriter(new ByteArrayOutputStream()), "list", "networks");
    out.flush();
    return stream.exitCode(code, new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static OutputStream failing(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }

  @Test
  void aStreamThatWorksChangesNothing() {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    assertThat(code(target, 0)).isZero();
    assertThat(target.toString(StandardCharsets.UTF_8)).contains("cifar_resnet");
    assertThat(err.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 141", "1, 1", "130, 130"})
  void aReaderThatLeftEndsItQuietly(int code, int expected) {
    assertThat(code(failing("Broken pipe"), code)).isEqualTo(expected);
    assertThat(err.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "2, 2"})
  void aResultThatIsLostIsAFailure(int code, int expected) {
    assertThat(code(failing("No space left on device"), code)).isEqualTo(expected);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("No space left on device");
  }
}
