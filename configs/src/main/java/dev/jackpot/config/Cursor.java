package dev.jackpot.config;

/** Reads a text one character at a time and knows its line and column. */
final class Cursor {
  /** Answer of {@link #peek} at the end of the text. */
  static final int END = -1;

  /** Blocks and lists may be nested this deep; the schema needs seven. */
  static final int DEEPEST = 40;

  private final String text;
  private final String source;
  private final Place fixed;
  private int at;
  private int line = 1;
  private int column = 1;

  private Cursor(String text, String source, Place fixed) {
    this.text = text;
    this.source = source;
    this.fixed = fixed;
    if (text.startsWith("\uFEFF")) {
      at = 1;
    }
  }

  /** Over a whole file. */
  static Cursor ofFile(String text, String source) {
    return new Cursor(text, source, null);
  }

  /** Over a fragment that stands at one place, such as the value of a {@code --set}. */
  static Cursor ofFragment(String text, Place place) {
    return new Cursor(text, "", place);
  }

  Place place() {
    return fixed != null ? fixed : Place.of(source, line, column);
  }

  int peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  /** The character {@code ahead} positions after the next one. */
  int peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : END;
  }

  int next() {
    int c = peek();
    if (c == END) {
      return END;
    }
    at++;
    if (c == '\n') {
      line++;
      column = 1;
    } else if (!Character.isLowSurrogate((char) c)) {
      column++;
    }
    return c;
  }

  boolean accept(char c) {
    if (peek() != c) {
      return false;
    }
    next();
    return true;
  }

  void expect(char c, String where) throws SyntaxException {
    if (!accept(c)) {
      throw unexpected("'" + c + "' " + where);
    }
  }

  void skipBlanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      next();
    }
  }

  void skipLine() {
    while (peek() != END && peek() != '\n') {
      next();
    }
  }

  /** Refuses a nesting that no valid config has, before the reader's own recursion becomes deep. */
  void checkDepth(int depth) throws SyntaxException {
    if (depth > DEEPEST) {
      throw error("nested %d deep, expected at most %d".formatted(depth, DEEPEST));
    }
  }

  SyntaxException unexpected(String expected) {
    int c = peek();
    String found =
        c == END
            ? "the end of the " + (fixed != null ? "value" : "file")
            : "'" + Show.oneLine(Character.toString(text.codePointAt(at))) + "'";
    return error("found %s, expected %s".formatted(found, expected));
  }

  SyntaxException error(String message) {
    return new SyntaxException(place(), message);
  }
}
