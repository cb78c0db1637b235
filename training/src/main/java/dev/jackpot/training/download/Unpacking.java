package dev.jackpot.training.download;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Unpacks an archive beside its place and renames the whole folder into it. The files are not
 * forced to the disk one by one, which would take longer than the download for Tiny-ImageNet's
 * 120,000: after a power failure within seconds of the rename, unpack again.
 */
final class Unpacking {
  private final Path file;
  private final OfficialArchive archive;
  private final DownloadProgress progress;

  /**
   * @param file the archive
   */
  Unpacking(Path file, OfficialArchive archive, DownloadProgress progress) {
    this.file = file;
    this.archive = archive;
    this.progress = progress;
  }

  /**
   * Puts the archive's folder at {@code target}, which must not exist.
   *
   * @throws JackpotException if the archive is damaged or hostile, or the disk is full; nothing is
   *     left at the target then
   */
  void to(Path target) {
    Path parent = target.toAbsolutePath().getParent();
    Path unfinished =
        parent.resolve(
            AtomicFiles.PREFIX + ProcessHandle.current().pid() + "-" + target.getFileName());
    try {
      Files.createDirectories(parent);
      AtomicFiles.delete(unfinished);
      Files.createDirectory(unfinished);
      read(new UnpackTarget(unfinished, archive, progress));
      requireWhole(unfinished);
      Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      AtomicFiles.forceDirectory(parent);
    } catch (IOException e) {
      throw AtomicFiles.failure("unpack %s to".formatted(file), target, e);
    } finally {
      AtomicFiles.delete(unfinished);
    }
  }

  /** What of the archive's contents is not in the folder. */
  static List<String> missing(OfficialArchive archive, Path folder) {
    return archive.contents().stream()
        .filter(c -> !Files.exists(folder.resolve(c), LinkOption.NOFOLLOW_LINKS))
        .toList();
  }

  private void requireWhole(Path folder) {
    List<String> missing = missing(archive, folder);
    if (!missing.isEmpty()) {
      throw new JackpotException(
          "%s is not unpacked: it has no %s; expected %s"
              .formatted(file, String.join(", ", missing), String.join(", ", archive.contents())));
    }
  }

  private void read(UnpackTarget target) throws IOException {
    switch (archive.format()) {
      case TAR_GZ -> tar(target);
      case ZIP -> zip(target);
    }
  }

  private void tar(UnpackTarget target) throws IOException {
    try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        InputStream plain = new GZIPInputStream(bytes, 1 << 16);
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isDirectory()) {
          target.folder(entry.getName());
        } else if (isPlain(entry)) {
          target.file(entry.getName(), tar);
        } else {
          throw target.special(entry.getName(), kind(entry));
        }
      }
    } catch (IllegalArgumentException e) { // what the library throws at some broken headers
      throw new IOException("a broken header: " + e.getMessage(), e);
    }
  }

  private static boolean isPlain(TarArchiveEntry entry) {
    byte flag = entry.getLinkFlag();
    return (flag == TarConstants.LF_NORMAL || flag == TarConstants.LF_OLDNORM) && !entry.isSparse();
  }

  private static String kind(TarArchiveEntry entry) {
    if (entry.isSymbolicLink()) {
      return "symbolic link";
    } else if (entry.isLink()) {
      return "hard link";
    } else if (entry.isFIFO() || entry.isBlockDevice() || entry.isCharacterDevice()) {
      return "device or pipe";
    }
    return "special entry of type '%c'".formatted((char) (entry.getLinkFlag() & 0x7F));
  }

  private void zip(UnpackTarget target) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      for (Enumeration<ZipArchiveEntry> all = zip.getEntriesInPhysicalOrder();
          all.hasMoreElements(); ) {
        ZipArchiveEntry entry = all.nextElement();
        if (entry.isUnixSymlink()) {
          throw target.special(entry.getName(), "symbolic link");
        } else if (!zip.canReadEntryData(entry)) {
          throw target.special(entry.getName(), "file packed in an unknown way or encrypted");
        } else if (entry.isDirectory()) {
          target.folder(entry.getName());
        } else {
          try (InputStream content = zip.getInputStream(entry)) {
            target.file(entry.getName(), content);
          }
        }
      }
    } catch (ZipException | IllegalArgumentException e) {
      throw new IOException("a broken archive: " + e.getMessage(), e);
    }
  }
}
