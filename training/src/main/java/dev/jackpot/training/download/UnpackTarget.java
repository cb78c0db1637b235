package dev.jackpot.training.download;

import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Show;
import dev.jackpot.training.download.DownloadProgress.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder that an archive's entries are written to, and no byte beside it: only plain files and
 * folders below the archive's one top-level folder, each once, no more of them and no more bytes
 * than the archive is known to have. As no link is ever made, no path leads out by one. An archive
 * whose checksum is right has none of what is refused here; this holds even if the checksum does
 * not.
 */
final class UnpackTarget {
  private static final int DEEPEST = 16;
  private static final int BUFFER = 1 << 16;

  private final Path root;
  private final OfficialArchive archive;
  private final DownloadProgress progress;
  private final byte[] buffer = new byte[BUFFER];
  private int entries;
  private long bytes;

  /**
   * @param root stands for the archive's top-level folder; exists and is empty
   */
  UnpackTarget(Path root, OfficialArchive archive, DownloadProgress progress) {
    this.root = root;
    this.archive = archive;
    this.progress = progress;
  }

  /** Makes a folder; one that is there is fine. */
  void folder(String name) throws IOException {
    Files.createDirectories(place(name));
  }

  /** Writes a file. Does not close the stream. */
  void file(String name, InputStream content) throws IOException {
    Path file = place(name);
    if (file.equals(root)) {
      throw refused(name, "is a file; expected a folder");
    }
    Files.createDirectories(file.getParent());
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        bytes += n;
        if (bytes > archive.limits().bytes()) {
          throw refused(
              name,
              "brings the archive over the %d bytes that it may unpack to"
                  .formatted(archive.limits().bytes()));
        }
        out.write(buffer, 0, n);
      }
    } catch (FileAlreadyExistsException e) {
      throw new JackpotException(
          message(name, "is in the archive twice, or differs from another in case only"), e);
    }
  }

  /**
   * What an entry that is neither a plain file nor a folder ends in.
   *
   * @param kind for instance "symbolic link"
   */
  JackpotException special(String name, String kind) {
    return refused(name, "is a %s; expected files and folders only".formatted(kind));
  }

  /** Where an entry goes; counts it. */
  private Path place(String name) {
    if (++entries > archive.limits().entries()) {
      throw refused(
          name,
          "is one more than the %d entries that the archive may have"
              .formatted(archive.limits().entries()));
    }
    progress.at(Phase.UNPACKING, entries, archive.limits().entries());
    List<String> parts = parts(name);
    if (parts.isEmpty() || !parts.get(0).equals(archive.folder())) {
      throw refused(name, "lies outside of the archive's folder " + archive.folder());
    }
    Path place = root;
    for (String part : parts.subList(1, parts.size())) {
      place = place.resolve(part);
    }
    if (!place.normalize().startsWith(root.normalize())) {
      throw refused(name, "lies outside of the folder it is unpacked to");
    }
    return place;
  }

  private List<String> parts(String name) {
    if (name.startsWith("/") || name.matches("(?s)[A-Za-z]:.*")) {
      throw refused(name, "is an absolute path");
    }
    if (name.indexOf('\\') >= 0 || name.chars().anyMatch(Character::isISOControl)) {
      throw refused(name, "has a character that no name in the archive has");
    }
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        throw refused(name, "leads out of the folder it is unpacked to");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.size() > DEEPEST) {
      throw refused(name, "is more than %d folders deep".formatted(DEEPEST));
    }
    return parts;
  }

  private JackpotException refused(String name, String reason) {
    return new JackpotException(message(name, reason));
  }

  private String message(String name, String reason) {
    return "%s is not unpacked: entry %d, \"%s\", %s"
        .formatted(archive.file(), entries, Show.oneLine(name), reason);
  }
}
