package dev.jackpot.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.Charset;

/**
 * The terminal's two streams. Started by the launcher, the process's own descriptor 2 is a file for
 * the native library's lines, and the terminal's stderr is another descriptor, given in {@code
 * JACKPOT_STDERR}.
 */
public final class Terminal {
  private static final int DEFAULT_COLUMNS = 80;

  private Terminal() {}

  /** Makes {@link System#err} the terminal's stderr. */
  static void start() {
    String descriptor = System.getenv("JACKPOT_STDERR");
    if (descriptor != null) {
      System.setErr(open(Integer.parseInt(descriptor)));
    }
  }

  /** The stream for results: stdout. */
  public static PrintStream out() {
    return System.out;
  }

  /** The stream for progress and messages: the terminal's stderr. */
  public static PrintStream err() {
    return System.err;
  }

  /**
   * True if a person sees stderr, so that a progress bar makes sense; false for a pipe, a file or
   * no launcher.
   */
  public static boolean isInteractive() {
    return System.getenv("JACKPOT_COLUMNS") != null;
  }

  /** True if output may be coloured: a terminal, and {@code NO_COLOR} is not set (or empty). */
  public static boolean isColoured() {
    String noColor = System.getenv("NO_COLOR");
    return isInteractive() && (noColor == null || noColor.isEmpty());
  }

  /** The terminal's width in characters; 80 where it is unknown. */
  public static int columns() {
    String columns = System.getenv("JACKPOT_COLUMNS");
    try {
      int width = columns == null ? 0 : Integer.parseInt(columns.strip());
      return width > 0 ? width : DEFAULT_COLUMNS;
    } catch (NumberFormatException e) {
      return DEFAULT_COLUMNS;
    }
  }

  /**
   * A stream to an inherited descriptor. Opening {@code /dev/fd/N} instead would truncate files and
   * fail on sockets; the launcher opens {@code java.io} for this.
   */
  private static PrintStream open(int descriptor) {
    try {
      Constructor<FileDescriptor> constructor =
          FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      FileOutputStream stream = new FileOutputStream(constructor.newInstance(descriptor));
      return new PrintStream(
          stream, true, Charset.forName(System.getProperty("native.encoding", "UTF-8")));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot write to descriptor " + descriptor, e);
    }
  }
}
