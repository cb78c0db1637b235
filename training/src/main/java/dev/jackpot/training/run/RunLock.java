package dev.jackpot.training.run;

import dev.jackpot.config.AtomicFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process out of a run directory. The operating system drops the lock when its
 * holder ends, however it ends; the file's text (the holder's process id) only serves the message.
 * The file itself stays: deleting it would let two processes hold locks on two files of the same
 * name.
 */
final class RunLock implements Closeable {
  /**
   * The one byte that is locked lies far behind the text, so that the text stays readable where
   * locks are mandatory.
   */
  private static final long POSITION = Long.MAX_VALUE - 1;

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @param file the lock file; its directory exists
   * @throws RunInUseException if another process, or this one, holds the lock
   */
  static RunLock acquire(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      boolean acquired = false;
      try {
        FileLock lock = tryLock(channel);
        if (lock == null) {
          throw RunInUseException.of(file.toAbsolutePath().getParent(), holder(file));
        }
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap(
                (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)),
            0);
        acquired = true;
        return new RunLock(channel);
      } finally {
        if (!acquired) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw AtomicFiles.failure("lock", file, e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(POSITION, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String holder(Path file) {
    try {
      String pid = Files.readString(file).strip();
      return pid.matches("\\d{1,19}") ? " (process " + pid + ")" : "";
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
