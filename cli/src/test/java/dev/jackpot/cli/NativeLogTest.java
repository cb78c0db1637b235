package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLogTest {
  @TempDir Path folder;

  @Test
  void severityIsReadFromBothFormats() {
    assertThat(NativeLog.level("2026-01-31 10:20:30.123456: I tensorflow/core/a.cc:1] x"))
        .isEqualTo(Level.INFO);
    assertThat(NativeLog.level("2026-01-31 10:20:30.123456: W tensorflow/core/a.cc:1] x"))
        .isEqualTo(Level.WARN);
    assertThat(NativeLog.level("2026-01-31 10:20:30.123456: F tensorflow/core/a.cc:1] x"))
        .isEqualTo(Level.FATAL);
    assertThat(NativeLog.level("E0000 00:00:1738318830.123 7 cuda_dnn.cc:8310] x"))
        .isEqualTo(Level.ERROR);
    assertThat(NativeLog.level("To enable the following instructions: AVX2")).isEqualTo(Level.INFO);
    assertThat(NativeLog.level("")).isEqualTo(Level.INFO);
  }

  @Test
  void everyLineArrivesInTheLogOnceAndNoneOnTheTerminal() throws IOException {
    PrintStream stderr = System.err;
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    Path lines = folder.resolve("stderr");
    Path log = folder.resolve("log.txt");
    Files.writeString(lines, "2026-01-31 10:20:30.123456: E tensorflow/a.cc:1] first\nsec");
    try {
      System.setErr(new PrintStream(terminal, true, StandardCharsets.UTF_8));
      try (var open = Logging.openRunLog(log);
          var following = new NativeLog(lines)) {
        Files.writeString(lines, "ond é\n\nunfinished", StandardOpenOption.APPEND);
      }
    } finally {
      System.setErr(stderr);
    }
    assertThat(Files.readAllLines(log))
        .satisfiesExactly(
            line -> assertThat(line).contains(" ERROR ").endsWith("a.cc:1] first"),
            line -> assertThat(line).endsWith(" - second é"),
            line -> assertThat(line).endsWith(" - unfinished"));
    assertThat(terminal.size()).isZero();
  }

  @Test
  void missingFileHasNoLines() {
    new NativeLog(folder.resolve("none")).close();
  }
}
