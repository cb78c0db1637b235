package dev.jackpot.training.data;

import dev.jackpot.config.JackpotException;

/** One image cannot be decoded; the rest of the set may be fine. */
public final class CorruptImageException extends JackpotException {
  private static final long serialVersionUID = 1L;

  public CorruptImageException(String message) {
    super(message);
  }

  public CorruptImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
