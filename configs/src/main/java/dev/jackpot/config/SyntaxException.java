package dev.jackpot.config;

/**
 * The text of a config does not follow the grammar of its format; nothing after this place was
 * read.
 */
final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Place place;

  SyntaxException(Place place, String message) {
    super(message);
    this.place = place;
  }

  Place place() {
    return place;
  }
}
