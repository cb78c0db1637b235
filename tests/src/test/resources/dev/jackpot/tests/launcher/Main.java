package dev.jackpot.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

/** What the launcher's tests start in place of the command line: does what its first argument says. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    Logging.start();
    switch (arguments[0]) {
      case "exit" -> System.exit(Integer.parseInt(arguments[1]));
      case "echo" -> {
        System.out.print(new String(System.in.readAllBytes()));
        System.err.print("arguments:");
        for (String argument : arguments) {
          System.err.print("[" + argument + "]");
        }
        System.err.println();
      }
      case "native" -> {
        try (var log = Logging.openRunLog(Path.of(arguments[1]))) {
          new PrintStream(new FileOutputStream(FileDescriptor.err), true).println("a native line");
          System.err.println("a line for the terminal");
        }
      }
      case "version" -> System.out.println(arguments[0] + " " + Build.NUMBER);
      case "wait" -> {
        try (var log = Logging.openRunLog(Path.of(arguments[1]))) {
          new PrintStream(new FileOutputStream(FileDescriptor.err), true).println("a native line");
          Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("saved")));
          System.out.println(ProcessHandle.current().pid());
          Thread.sleep(60_000);
          System.out.println("later " + Build.NUMBER);
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static final class Build {
    static final String NUMBER = "1";
  }
}
