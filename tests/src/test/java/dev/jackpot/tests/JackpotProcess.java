package dev.jackpot.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line in a process of its own, on this test's class path. */
final class JackpotProcess {
  private JackpotProcess() {}

  /**
   * Starts it.
   *
   * @param output standard output and error are appended here
   */
  static Process start(Path output, String... arguments) throws IOException {
    return command(arguments)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }

  /**
   * Starts it with its outputs apart.
   *
   * @param output standard output replaces this file
   * @param errors standard error replaces this file
   */
  static Process start(Path output, Path errors, String... arguments) throws IOException {
    return command(arguments)
        .redirectOutput(output.toFile())
        .redirectError(errors.toFile())
        .start();
  }

  private static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("dev.jackpot.cli.Main");
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
