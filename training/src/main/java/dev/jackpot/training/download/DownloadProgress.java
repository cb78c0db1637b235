package dev.jackpot.training.download;

/** Is told how far a download has come, from the thread that downloads. */
@FunctionalInterface
public interface DownloadProgress {
  /** What takes its time. */
  enum Phase {
    /** Bytes of the archive that are here. */
    FETCHING,
    /** Bytes of the archive whose checksum is computed. */
    CHECKING,
    /** Entries of the archive that are unpacked. */
    UNPACKING
  }

  /** Tells no one. */
  DownloadProgress SILENT = (phase, done, total) -> {};

  /**
   * Something was done.
   *
   * @param total of {@code done}; for {@link Phase#UNPACKING} an upper bound
   */
  void at(Phase phase, long done, long total);
}
