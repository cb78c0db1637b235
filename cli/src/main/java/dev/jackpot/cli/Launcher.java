package dev.jackpot.cli;

/** The shell that started this JVM. */
final class Launcher {
  /** The exit code of a process that was killed: 128 + SIGKILL. */
  private static final int KILLED = 137;

  private Launcher() {}

  /**
   * Ends this JVM at once when its launcher is gone, so that killing the command kills the run.
   * Where the kernel does that itself, the launcher does not ask for it.
   */
  static void endWithIt() {
    String pid = System.getenv("JACKPOT_LAUNCHER");
    if (pid == null) {
      return;
    }
    ProcessHandle.of(Long.parseLong(pid))
        .ifPresentOrElse(
            launcher -> launcher.onExit().thenRun(() -> Runtime.getRuntime().halt(KILLED)),
            () -> Runtime.getRuntime().halt(KILLED));
  }
}
