package dev.jackpot.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where the program begins: {@code jackpot COMMAND …}. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    Logging.start();
    ResultStream results = new ResultStream(new FileOutputStream(FileDescriptor.out));
    PrintWriter out = new PrintWriter(results, false, StandardCharsets.UTF_8);
    int code = Commands.run(out, new PrintWriter(Terminal.err(), true), args);
    out.flush();
    System.exit(results.exitCode(code, Terminal.err()));
  }
}
