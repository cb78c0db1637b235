package dev.jackpot.config;

import dev.jackpot.config.Node.Block;
import dev.jackpot.config.Node.Entry;
import dev.jackpot.config.Node.Items;
import dev.jackpot.config.Node.Kind;
import dev.jackpot.config.Node.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of protobuf's text format (protobuf.dev/reference/protobuf/textformat-spec), less
 * extensions and Any. Ours and not {@code TextFormat.Parser}, because that one stops at the first
 * wrong field.
 */
final class TextSyntax {
  private final Cursor in;

  private TextSyntax(Cursor in) {
    this.in = in;
  }

  /** Reads a whole file. */
  static Block file(Cursor in) throws SyntaxException {
    Place start = in.place();
    return new Block(start, new TextSyntax(in).entries(Cursor.END, 0));
  }

  /** Reads one value: a scalar, a list or a message in braces, and nothing after it. */
  static Node value(Cursor in) throws SyntaxException {
    TextSyntax syntax = new TextSyntax(in);
    syntax.skip();
    Node value = syntax.value(true, 1);
    syntax.skip();
    if (in.peek() != Cursor.END) {
      throw in.unexpected("the end of the value");
    }
    return value;
  }

  private List<Entry> entries(int end, int depth) throws SyntaxException {
    in.checkDepth(depth);
    List<Entry> entries = new ArrayList<>();
    for (skip(); in.peek() != end; skip()) {
      Place place = in.place();
      String name = name(end);
      skip();
      boolean colon = in.accept(':');
      skip();
      entries.add(new Entry(place, name, value(colon, depth + 1)));
      skip();
      if (in.peek() == ',' || in.peek() == ';') {
        in.next();
      }
    }
    in.next();
    return entries;
  }

  private String name(int end) throws SyntaxException {
    if (in.peek() == '[') {
      throw in.error(
          "found '[', expected a field name (extensions and Any are not part of the schema)");
    }
    if (!isLetter(in.peek())) {
      throw in.unexpected(
          end == Cursor.END ? "a field name" : "a field name or '" + (char) end + "'");
    }
    return word();
  }

  private Node value(boolean colon, int depth) throws SyntaxException {
    Place place = in.place();
    if (in.accept('{')) {
      return new Block(place, entries('}', depth));
    } else if (in.accept('<')) {
      return new Block(place, entries('>', depth));
    } else if (in.accept('[')) {
      return items(place, depth);
    } else if (!colon) {
      throw in.unexpected("':' or '{' after the field name");
    }
    return scalar(place);
  }

  private Items items(Place place, int depth) throws SyntaxException {
    in.checkDepth(depth);
    List<Node> items = new ArrayList<>();
    skip();
    if (in.accept(']')) {
      return new Items(place, items);
    }
    while (true) {
      skip();
      items.add(value(true, depth + 1));
      skip();
      if (in.accept(']')) {
        return new Items(place, items);
      }
      in.expect(',', "or ']' in a list");
    }
  }

  private Scalar scalar(Place place) throws SyntaxException {
    int c = in.peek();
    if (c == '"' || c == '\'') {
      return new Scalar(place, Kind.STRING, string(place));
    }
    boolean minus = in.accept('-');
    if (minus) {
      skip();
    }
    c = in.peek();
    if (isDigit(c) || c == '.') {
      return new Scalar(place, Kind.NUMBER, (minus ? "-" : "") + number());
    } else if (isLetter(c)) {
      return new Scalar(place, Kind.WORD, (minus ? "-" : "") + word());
    }
    throw in.unexpected("a value");
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    while (isLetter(in.peek()) || isDigit(in.peek())) {
      word.append((char) in.next());
    }
    return word.toString();
  }

  /** Everything that clings together; whether it is a number is found when its type is known. */
  private String number() {
    StringBuilder number = new StringBuilder();
    boolean hex = in.peek() == '0' && (in.peek(1) == 'x' || in.peek(1) == 'X');
    while (true) {
      int c = in.peek();
      int last = number.length() == 0 ? 0 : number.charAt(number.length() - 1);
      boolean exponentSign = (c == '+' || c == '-') && !hex && (last == 'e' || last == 'E');
      if (!isLetter(c) && !isDigit(c) && c != '.' && !exponentSign) {
        return number.toString();
      }
      number.append((char) in.next());
    }
  }

  /**
   * Adjacent literals are one string. Escapes of octal and hexadecimal digits are bytes of UTF-8.
   */
  private String string(Place place) throws SyntaxException {
    Utf8Builder content = new Utf8Builder();
    while (in.peek() == '"' || in.peek() == '\'') {
      Place start = in.place();
      int quote = in.next();
      while (in.peek() != quote) {
        int c = in.peek();
        if (c == Cursor.END || c == '\n') {
          throw new SyntaxException(
              start, "the string that starts here has no closing " + (char) quote);
        } else if (c == '\\') {
          in.next();
          escape(content);
        } else {
          content.add((char) in.next());
        }
      }
      in.next();
      skip();
    }
    return content
        .text()
        .orElseThrow(() -> new SyntaxException(place, "the string's escapes are not valid UTF-8"));
  }

  private void escape(Utf8Builder content) throws SyntaxException {
    int c = in.peek();
    int simple = "abfnrtv\\'\"?".indexOf(c);
    if (c != Cursor.END && simple >= 0) {
      in.next();
      content.add("\u0007\b\f\n\r\t\u000B\\'\"?".charAt(simple));
    } else if (c >= '0' && c <= '7') {
      int value = digits(8, 1, 3);
      if (value > 255) {
        throw in.error("found an octal escape above \\377, expected a byte");
      }
      content.addByte(value);
    } else if (c == 'x' || c == 'X') {
      in.next();
      content.addByte(digits(16, 1, 2));
    } else if (c == 'u') {
      in.next();
      content.add((char) digits(16, 4, 4));
    } else if (c == 'U') {
      in.next();
      int point = digits(16, 8, 8);
      if (!Character.isValidCodePoint(point)) {
        throw in.error("found an escape \\U above 0010FFFF, expected a code point");
      }
      for (char unit : Character.toChars(point)) {
        content.add(unit);
      }
    } else {
      throw in.unexpected("an escape (one of abfnrtv\\'\"? or octal, x, u, U) after '\\'");
    }
  }

  private int digits(int radix, int least, int most) throws SyntaxException {
    int value = 0;
    for (int i = 0; i < most; i++) {
      int digit = in.peek() < 128 ? Character.digit(in.peek(), radix) : -1;
      if (digit < 0) {
        if (i < least) {
          throw in.unexpected(least + " digits of base " + radix);
        }
        return value;
      }
      value = value * radix + digit;
      in.next();
    }
    return value;
  }

  private void skip() {
    for (in.skipBlanks(); in.peek() == '#'; in.skipBlanks()) {
      in.skipLine();
    }
  }

  private static boolean isLetter(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
