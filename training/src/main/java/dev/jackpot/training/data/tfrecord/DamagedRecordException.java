package dev.jackpot.training.data.tfrecord;

import dev.jackpot.config.JackpotException;

/** One record's bytes are not those that were written; the others of its file may be fine. */
public final class DamagedRecordException extends JackpotException {
  private static final long serialVersionUID = 1L;

  DamagedRecordException(String message) {
    super(message);
  }

  DamagedRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
