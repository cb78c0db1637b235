package dev.jackpot.training.download;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.Show;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Puts a data set's folder in place: fetched from its official address, or taken from an archive
 * that is here already; checked, then unpacked. The folder appears at once and whole, or not at
 * all.
 */
public final class Download {
  private final OfficialArchive archive;
  private final Path to;
  private final Fetch.Patience patience;
  private final DownloadProgress progress;

  /**
   * @param to the folder that the data set's folder goes to; made if need be
   */
  public Download(OfficialArchive archive, Path to, DownloadProgress progress) {
    this(archive, to, Fetch.Patience.USUAL, progress);
  }

  Download(OfficialArchive archive, Path to, Fetch.Patience patience, DownloadProgress progress) {
    this.archive = archive;
    this.to = to;
    this.patience = patience;
    this.progress = progress;
  }

  /** The data set's folder. */
  public Path folder() {
    return to.resolve(archive.folder());
  }

  /**
   * Whether the folder is there and whole, as far as its names tell.
   *
   * @throws ConfigException if something else is in its place
   */
  public boolean isDone() {
    if (!Files.exists(folder(), LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    List<String> missing = Unpacking.missing(archive, folder());
    if (!missing.isEmpty()) {
      throw new ConfigException(
          "%s is there, but it has no %s: move it away, or choose another place with --to"
              .formatted(folder(), String.join(", ", missing)));
    }
    return true;
  }

  /**
   * Fetches the archive, checks and unpacks it. The archive is deleted afterwards; one that came
   * only in part is kept, and continued the next time.
   *
   * @throws JackpotException if there is no network, the server has another file or none, or the
   *     file cannot be unpacked
   */
  public void fetch() {
    Path part = to.resolve(archive.file() + ".part");
    try {
      Files.createDirectories(to);
      new Fetch(archive, patience, progress).into(part);
    } catch (Fetch.NoConnection e) {
      if (part.toFile().length() == 0) {
        AtomicFiles.delete(part);
      }
      throw new JackpotException(
          "cannot reach %s (%s); %s".formatted(archive.address().getHost(), reason(e), otherWays()),
          e);
    } catch (Fetch.Refusal e) {
      throw new JackpotException("%s; %s".formatted(e.getMessage(), otherWays()), e);
    } catch (IOException e) {
      throw new JackpotException(
          "cannot fetch %s: %s; what has come stays in %s, and the same command continues it; or: %s"
              .formatted(archive.address(), reason(e), part, otherWays()),
          e);
    }
    Optional<String> difference = ArchiveCheck.difference(part, archive, progress);
    if (difference.isPresent()) {
      AtomicFiles.delete(part);
      throw new JackpotException(
          "what came from %s %s; it is deleted; %s"
              .formatted(archive.address(), difference.get(), otherWays()));
    }
    new Unpacking(part, archive, progress).to(folder());
    AtomicFiles.delete(part);
  }

  /**
   * Checks and unpacks an archive that is here already, and leaves it where it is.
   *
   * @throws ConfigException if it is not the archive
   */
  public void from(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "--from: \"%s\" is no file; expected %s as %s has it"
              .formatted(file, archive.file(), archive.address()));
    }
    Optional<String> difference = ArchiveCheck.difference(file, archive, progress);
    if (difference.isPresent()) {
      throw new ConfigException(
          "--from: \"%s\" %s (%s)".formatted(file, difference.get(), archive.address()));
    }
    new Unpacking(file, archive, progress).to(folder());
  }

  /** How to come by the data without this program's fetching. */
  private String otherWays() {
    return "fetch %s by other means and give it with --from %s, or unpack it so that %s has %s"
        .formatted(
            archive.address(), archive.file(), folder(), String.join(", ", archive.contents()));
  }

  private static String reason(IOException e) {
    Throwable cause = e;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return Show.oneLine(
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
  }
}
