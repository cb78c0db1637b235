package dev.jackpot.config;

/**
 * A failure that its message explains to a person in one line: what, where, found, expected. The
 * command line prints the message alone and exits with {@link #exitCode()}.
 */
public class JackpotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public JackpotException(String message) {
    super(message);
  }

  public JackpotException(String message, Throwable cause) {
    super(message, cause);
  }

  /** 1: failed while running. */
  public int exitCode() {
    return 1;
  }
}
