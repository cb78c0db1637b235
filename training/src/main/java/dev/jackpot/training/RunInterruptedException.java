package dev.jackpot.training;

import dev.jackpot.config.JackpotException;

/** A run stopped because it was asked to; its state is saved. */
public final class RunInterruptedException extends JackpotException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  public RunInterruptedException(String message, int exitCode) {
    super(message);
    this.exitCode = exitCode;
  }

  @Override
  public int exitCode() {
    return exitCode;
  }
}
