package dev.jackpot.training;

import java.util.OptionalInt;

/**
 * Asks a run to stop at the end of the step it is in. Safe to call from any thread, a signal
 * handler's included.
 */
public final class StopSignal {
  /** Exit code after control-C. */
  public static final int INTERRUPTED = 130;

  /** Exit code after SIGTERM. */
  public static final int TERMINATED = 143;

  private volatile int exitCode;

  /**
   * Asks for it.
   *
   * @param exitCode what the process should exit with: {@link #INTERRUPTED} or {@link #TERMINATED}
   */
  public void request(int exitCode) {
    this.exitCode = exitCode;
  }

  /** The exit code that was asked for, if any. */
  public OptionalInt requested() {
    int code = exitCode;
    return code == 0 ? OptionalInt.empty() : OptionalInt.of(code);
  }

  /**
   * Stops at a place where nothing needs saving.
   *
   * @param where for the message, for instance "before the export"
   * @throws RunInterruptedException if it was asked for
   */
  void throwIfRequested(String where) {
    if (exitCode != 0) {
      throw new RunInterruptedException(
          "stopped %s; what was done before is saved, continue with --resume".formatted(where),
          exitCode);
    }
  }
}
