package dev.jackpot.config;

import dev.jackpot.config.Node.Block;
import dev.jackpot.config.Node.Entry;
import dev.jackpot.config.Node.Items;
import dev.jackpot.config.Node.Kind;
import dev.jackpot.config.Node.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of JSON (RFC 8259), strictly. Ours, because every value must know its line and
 * column.
 */
final class JsonSyntax {
  private final Cursor in;

  private JsonSyntax(Cursor in) {
    this.in = in;
  }

  /** Reads a whole file, which must hold one object. */
  static Block file(Cursor in) throws SyntaxException {
    JsonSyntax syntax = new JsonSyntax(in);
    in.skipBlanks();
    if (in.peek() != '{') {
      throw in.unexpected("'{', the experiment as an object");
    }
    Block block = (Block) syntax.value(0);
    in.skipBlanks();
    if (in.peek() != Cursor.END) {
      throw in.unexpected("the end of the file after the object");
    }
    return block;
  }

  private Node value(int depth) throws SyntaxException {
    in.checkDepth(depth);
    Place place = in.place();
    int c = in.peek();
    if (c == '{') {
      return object(place, depth);
    } else if (c == '[') {
      return array(place, depth);
    } else if (c == '"') {
      return new Scalar(place, Kind.STRING, string());
    } else if (c == '-' || isDigit(c)) {
      return new Scalar(place, Kind.NUMBER, number());
    }
    return literal(place);
  }

  private Block object(Place place, int depth) throws SyntaxException {
    in.next();
    List<Entry> entries = new ArrayList<>();
    in.skipBlanks();
    if (in.accept('}')) {
      return new Block(place, entries);
    }
    while (true) {
      in.skipBlanks();
      Place at = in.place();
      if (in.peek() != '"') {
        throw in.unexpected("a field name in double quotes");
      }
      String name = string();
      in.skipBlanks();
      in.expect(':', "after the field name");
      in.skipBlanks();
      entries.add(new Entry(at, name, value(depth + 1)));
      in.skipBlanks();
      if (in.accept('}')) {
        return new Block(place, entries);
      }
      in.expect(',', "or '}' after a field");
    }
  }

  private Items array(Place place, int depth) throws SyntaxException {
    in.next();
    List<Node> items = new ArrayList<>();
    in.skipBlanks();
    if (in.accept(']')) {
      return new Items(place, items);
    }
    while (true) {
      in.skipBlanks();
      items.add(value(depth + 1));
      in.skipBlanks();
      if (in.accept(']')) {
        return new Items(place, items);
      }
      in.expect(',', "or ']' in a list");
    }
  }

  private String string() throws SyntaxException {
    Place start = in.place();
    Utf8Builder content = new Utf8Builder();
    in.next();
    while (!in.accept('"')) {
      int c = in.peek();
      if (c == Cursor.END || c == '\n') {
        throw new SyntaxException(start, "the string that starts here has no closing \"");
      } else if (c < ' ') {
        throw in.unexpected("an escape such as \\t (control characters may not stand in a string)");
      }
      in.next();
      content.add(c == '\\' ? escape() : (char) c);
    }
    return content
        .text()
        .orElseThrow(
            () ->
                new SyntaxException(
                    start, "the string holds half of a surrogate pair, expected Unicode"));
  }

  private char escape() throws SyntaxException {
    int simple = in.peek() == Cursor.END ? -1 : "bfnrt\\\"/".indexOf(in.peek());
    if (simple >= 0) {
      in.next();
      return "\b\f\n\r\t\\\"/".charAt(simple);
    }
    if (!in.accept('u')) {
      throw in.unexpected("an escape (one of bfnrt\\\"/ or u) after '\\'");
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = in.peek() < 128 ? Character.digit(in.peek(), 16) : -1;
      if (digit < 0) {
        throw in.unexpected("4 hexadecimal digits after \\u");
      }
      value = value * 16 + digit;
      in.next();
    }
    return (char) value;
  }

  private String number() throws SyntaxException {
    StringBuilder number = new StringBuilder();
    take(number, '-');
    if (in.peek() == '0' && isDigit(in.peek(1))) {
      throw in.error("found a number with a leading zero, expected a decimal number");
    }
    digits(number);
    if (take(number, '.')) {
      digits(number);
    }
    if (take(number, 'e') || take(number, 'E')) {
      if (!take(number, '+')) {
        take(number, '-');
      }
      digits(number);
    }
    return number.toString();
  }

  private boolean take(StringBuilder number, char c) {
    if (!in.accept(c)) {
      return false;
    }
    number.append(c);
    return true;
  }

  private void digits(StringBuilder number) throws SyntaxException {
    if (!isDigit(in.peek())) {
      throw in.unexpected("a digit");
    }
    while (isDigit(in.peek())) {
      number.append((char) in.next());
    }
  }

  private Scalar literal(Place place) throws SyntaxException {
    for (String word : List.of("true", "false", "null")) {
      boolean matches = true;
      for (int i = 0; i < word.length(); i++) {
        matches &= in.peek(i) == word.charAt(i);
      }
      if (matches && !Character.isLetterOrDigit(in.peek(word.length()))) {
        for (int i = 0; i < word.length(); i++) {
          in.next();
        }
        return new Scalar(place, word.equals("null") ? Kind.NULL : Kind.WORD, word);
      }
    }
    throw in.unexpected("a JSON value (a string needs double quotes)");
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
