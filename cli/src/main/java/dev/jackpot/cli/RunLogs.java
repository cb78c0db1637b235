package dev.jackpot.cli;

import java.nio.file.Path;

/**
 * The one log file that is open. It stays open when its command fails, so that the failure is
 * logged in it, and is closed with the program.
 */
final class RunLogs {
  private static Logging.RunLog open;

  private RunLogs() {}

  static synchronized void open(Path file) {
    close();
    open = Logging.openRunLog(file);
  }

  static synchronized boolean isOpen() {
    return open != null;
  }

  static synchronized void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
