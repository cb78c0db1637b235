package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** The program that the launcher's tests start in place of the command line. */
final class LauncherProgram {
  private LauncherProgram() {}

  /** Compiles it into {@code classes}; asked for its version it answers with {@code number}. */
  static void compile(Path classes, String number) {
    try (InputStream source = LauncherProgram.class.getResourceAsStream("launcher/Main.java")) {
      String text =
          new String(source.readAllBytes(), StandardCharsets.UTF_8)
              .replace("NUMBER = \"1\"", "NUMBER = \"" + number + "\"");
      Path file =
          Files.writeString(
              Files.createTempDirectory(classes, "source").resolve("Main.java"), text);
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-proc:none",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "-d",
                  classes.toString(),
                  file.toString());
      assertThat(code).as("javac").isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
