package dev.jackpot.training.run;

import dev.jackpot.config.ConfigException;

/** A run directory that another process, or another part of this one, is using. */
public final class RunInUseException extends ConfigException {
  private static final long serialVersionUID = 1L;

  RunInUseException(String message) {
    super(message);
  }
}
