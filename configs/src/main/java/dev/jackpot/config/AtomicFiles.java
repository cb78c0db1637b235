package dev.jackpot.config;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Writes files and directories so that a reader sees the old content or the new, never a part:
 * everything goes to a temporary name beside the target, is forced to the disk, then renamed over
 * it, and the rename is forced too.
 *
 * <p>If anything fails (the disk is full, the content's own code throws), the temporary is deleted
 * and the target is as it was. What a killed process leaves behind starts with {@value #PREFIX} and
 * is removed by {@link #sweep}.
 *
 * <p>Every method creates missing parent directories, and throws a {@link JackpotException} that
 * names the target and the reason for an {@link IOException}; other exceptions of the content's
 * code pass through.
 */
public final class AtomicFiles {
  /** How the name of everything unfinished starts. */
  public static final String PREFIX = ".unfinished-";

  private static final AtomicLong COUNTER = new AtomicLong();

  private AtomicFiles() {}

  /** Writes a file's bytes to a stream; the stream is buffered and closed by the caller. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Fills a file or a directory of the given temporary name. */
  @FunctionalInterface
  public interface Filler {
    void fill(Path temporary) throws IOException;
  }

  /** Replaces {@code target} with {@code bytes}. */
  public static void write(Path target, byte[] bytes) {
    write(target, out -> out.write(bytes));
  }

  /** Replaces {@code target} with {@code text} in UTF-8. */
  public static void write(Path target, String text) {
    write(target, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces {@code target} with what {@code content} writes. */
  public static void write(Path target, Content content) {
    writeFile(
        target,
        temporary -> {
          try (OutputStream out =
              new BufferedOutputStream(
                  Files.newOutputStream(
                      temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
            content.writeTo(out);
          }
        });
  }

  /**
   * Replaces the file {@code target} with the one that {@code filler} makes under a temporary name.
   */
  public static void writeFile(Path target, Filler filler) {
    guarded(
        target,
        temporary -> {
          filler.fill(temporary);
          force(temporary);
          Files.move(
              temporary,
              target,
              StandardCopyOption.ATOMIC_MOVE,
              StandardCopyOption.REPLACE_EXISTING);
        });
  }

  /**
   * Puts a new directory at {@code target}: {@code filler} fills an empty one under a temporary
   * name. A directory that is there already is replaced; as no file system swaps two directories in
   * one portable step, it stands for the moment between two renames under a name starting with
   * {@value #PREFIX}, and is put back if the second fails.
   */
  public static void writeDirectory(Path target, Filler filler) {
    guarded(
        target,
        temporary -> {
          Files.createDirectory(temporary);
          filler.fill(temporary);
          forceTree(temporary);
          replaceDirectory(temporary, target);
        });
  }

  /**
   * Puts a new directory where nothing is, by a rename that replaces nothing but an empty one: if
   * another writer has taken a place meanwhile, it goes to the next.
   *
   * @param places the first place, and another beside it each time one is taken
   * @return where it is
   */
  public static Path writeNewDirectory(Supplier<Path> places, Filler filler) {
    Path[] place = {places.get()};
    guarded(
        place[0],
        temporary -> {
          Files.createDirectory(temporary);
          filler.fill(temporary);
          forceTree(temporary);
          while (!moved(temporary, place[0])) {
            place[0] = places.get();
          }
        });
    return place[0];
  }

  private static boolean moved(Path temporary, Path target) throws IOException {
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (FileSystemException e) {
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      throw e;
    }
  }

  private static void replaceDirectory(Path temporary, Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Path old = temporaryOf(target);
    Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    deleteQuietly(old);
  }

  /**
   * Deletes a file or a directory with all that is in it; a missing one is fine. Links are not
   * followed.
   */
  public static void delete(Path path) {
    try {
      deleteTree(path);
    } catch (IOException e) {
      throw failure("delete", path, e);
    }
  }

  /**
   * Deletes what killed processes left unfinished directly in {@code directory}. Call it only while
   * no one writes.
   */
  public static void sweep(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        if (entry.getFileName().toString().startsWith(PREFIX)) {
          deleteTree(entry);
        }
      }
    } catch (IOException e) {
      throw failure("clean", directory, e);
    }
  }

  /** Forces a file's bytes to the disk. */
  public static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /**
   * Forces a directory's entries to the disk, where the file system lets a directory be opened (not
   * on Windows).
   */
  public static void forceDirectory(Path directory) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (IOException | UnsupportedOperationException e) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }

  /**
   * The message for a failed input or output: {@code cannot ACTION PATH: REASON}, the reason in the
   * operating system's words, for instance "No space left on device".
   */
  public static JackpotException failure(String action, Path path, IOException cause) {
    return new JackpotException("cannot %s %s: %s".formatted(action, path, reason(cause)), cause);
  }

  /** Why an operation failed, without the path that {@link FileSystemException} puts before it. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " does not exist";
    }
    if (e instanceof AccessDeniedException denied) {
      return "permission denied for " + denied.getFile();
    }
    if (e instanceof FileAlreadyExistsException existing) {
      return existing.getFile() + " is in the way";
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static void guarded(Path target, Filler work) {
    Path temporary = temporaryOf(target);
    boolean done = false;
    try {
      Files.createDirectories(parent(target));
      work.fill(temporary);
      forceDirectory(parent(target));
      done = true;
    } catch (IOException e) {
      throw failure("write", target, e);
    } finally {
      if (!done) {
        deleteQuietly(temporary);
      }
    }
  }

  private static Path parent(Path target) {
    return target.toAbsolutePath().getParent();
  }

  /** A name beside {@code target} that no other thread or process uses. */
  private static Path temporaryOf(Path target) {
    return target.resolveSibling(
        "%s%d-%d-%s"
            .formatted(
                PREFIX,
                ProcessHandle.current().pid(),
                COUNTER.incrementAndGet(),
                target.getFileName()));
  }

  private static void forceTree(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.toList();
    }
    for (Path path : paths) {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        forceDirectory(path);
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        force(path);
      }
    }
  }

  private static void deleteTree(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException e) throws IOException {
            if (e != null) {
              throw e;
            }
            Files.delete(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void deleteQuietly(Path path) {
    try {
      deleteTree(path);
    } catch (IOException e) {
      // The failure that led here is the one to report; sweep removes the rest later.
    }
  }
}
