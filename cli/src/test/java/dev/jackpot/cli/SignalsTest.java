package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.jackpot.training.StopSignal;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sun.misc.Signal;

class SignalsTest {
  private final StopSignal stop = new StopSignal();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
  void aSignalAsksTheRunToStop(String name, int code) throws Exception {
    assumeThat(isIgnored(name))
        .as(name + " is ignored, as under nohup or in a script's background")
        .isFalse();
    try (Signals signals = Signals.install(stop, new PrintWriter(err, true))) {
      assertThat(stop.requested()).isEmpty();
      Signal.raise(new Signal(name));
      long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (stop.requested().isEmpty() && System.nanoTime() < until) {
        Thread.sleep(5);
      }
    }
    assertThat(stop.requested()).hasValue(code);
  }

  /** A signal that was ignored when the JVM started stays so. */
  private static boolean isIgnored(String name) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    int bit = new Signal(name).getNumber() - 1;
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> bit & 1) != 0);
  }

  @Test
  void aSecondSignalEndsAtOnceButNotTheEchoOfTheFirst() {
    List<Integer> halts = new ArrayList<>();
    long[] now = {0};
    Signals signals = new Signals(stop, new PrintWriter(err, true), halts::add, () -> now[0]);
    signals.received(130);
    now[0] = Duration.ofMillis(300).toNanos();
    signals.received(130);
    assertThat(halts).isEmpty();
    now[0] = Duration.ofMillis(1500).toNanos();
    signals.received(143);
    assertThat(halts).containsExactly(143);
    assertThat(stop.requested()).hasValue(130);
    assertThat(err.toString().lines()).hasSize(1);
  }
}
