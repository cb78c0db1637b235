package dev.jackpot.training.run;

import dev.jackpot.config.ConfigException;
import java.nio.file.Path;

/** A run directory that another process, or another part of this one, is using. */
public final class RunInUseException extends ConfigException {
  private static final long serialVersionUID = 1L;

  private static final String WORDS = "is in use by another run";

  /**
   * @param message {@link #isTold} knows it again if it came of this class
   */
  public RunInUseException(String message) {
    super(message);
  }

  /**
   * @param root of the run
   * @param holder who has it, or empty
   */
  static RunInUseException of(Path root, String holder) {
    return new RunInUseException(
        "%s %s%s; wait for it, or give this one its own directory with --out"
            .formatted(root, WORDS, holder));
  }

  /** Whether what a process printed last says that its run was in use. */
  public static boolean isTold(String message) {
    return message.contains(WORDS);
  }
}
