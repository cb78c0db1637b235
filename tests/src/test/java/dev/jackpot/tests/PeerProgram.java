package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Python program of tests/peers, for tests with {@link RequiresPeer}. */
final class PeerProgram {
  private PeerProgram() {}

  /**
   * Runs it to its end; fails with what it printed if that is not exit code 0.
   *
   * @param log receives what it prints
   * @param program its file name
   */
  static void run(Path log, String program, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Needs.peerPython().toString());
    command.add(Repository.peers().resolve(program).toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).as("ends in time").isTrue();
    assertThat(process.exitValue()).as(() -> read(log)).isZero();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
