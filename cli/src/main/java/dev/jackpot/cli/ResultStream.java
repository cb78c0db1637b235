package dev.jackpot.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Standard output, whose failure is noticed: a result that could not be written is a failed
 * command, and a reader that went away ({@code jackpot list networks | head -1}) ends it quietly.
 */
final class ResultStream extends OutputStream {
  /** 128 + SIGPIPE: what a shell reports of a command whose reader went away. */
  static final int BROKEN_PIPE = 141;

  private final OutputStream target;
  private IOException failure;

  ResultStream(OutputStream target) {
    this.target = target;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
    try {
      target.write(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    target.flush();
  }

  /**
   * The process's exit code.
   *
   * @param code the command's
   * @param err told if results were lost
   */
  int exitCode(int code, PrintStream err) {
    if (failure == null) {
      return code;
    }
    String message = String.valueOf(failure.getMessage());
    if (message.toLowerCase(Locale.ROOT).contains("pipe")) {
      return code == 0 ? BROKEN_PIPE : code;
    }
    err.println("jackpot: cannot write the result to standard output: " + message);
    return code == 0 ? 1 : code;
  }
}
