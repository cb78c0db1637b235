package dev.jackpot.training.download;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.training.download.DownloadProgress.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** Compares a file with the size and the checksums that an archive is known by. */
final class ArchiveCheck {
  private static final int BUFFER = 1 << 20;

  private ArchiveCheck() {}

  /**
   * Reads all of the file.
   *
   * @return how it differs from the archive; empty if it is the archive
   * @throws JackpotException if it cannot be read
   */
  static Optional<String> difference(
      Path file, OfficialArchive archive, DownloadProgress progress) {
    MessageDigest md5 = digest("MD5");
    MessageDigest sha256 = digest("SHA-256");
    byte[] buffer = new byte[BUFFER];
    long done = 0;
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      if (size != archive.bytes()) {
        return Optional.of(
            "has %d bytes; expected the %d of %s".formatted(size, archive.bytes(), archive.file()));
      }
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        md5.update(buffer, 0, n);
        sha256.update(buffer, 0, n);
        done += n;
        progress.at(Phase.CHECKING, done, archive.bytes());
      }
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
    return differs("MD5", md5, archive.md5())
        .or(() -> differs("SHA-256", sha256, archive.sha256()))
        .map(difference -> difference + " of " + archive.file());
  }

  private static Optional<String> differs(String name, MessageDigest digest, String expected) {
    String found = HexFormat.of().formatHex(digest.digest());
    return found.equals(expected)
        ? Optional.empty()
        : Optional.of("has %s %s; expected the %s".formatted(name, found, expected));
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
