package dev.jackpot.config;

import java.util.List;

/**
 * What a textproto or JSON file says, before it is matched with the schema; every part knows its
 * place.
 */
sealed interface Node {
  Place place();

  /** Fields in braces, in the order written. */
  record Block(Place place, List<Entry> entries) implements Node {}

  /** A list in brackets. */
  record Items(Place place, List<Node> items) implements Node {}

  /** A single value. {@code text} is the content of a string, or the number or word as written. */
  record Scalar(Place place, Kind kind, String text) implements Node {}

  /** One {@code name: value}; the place is the name's. */
  record Entry(Place place, String name, Node value) {}

  /** What a scalar was written as. */
  enum Kind {
    STRING,
    NUMBER,
    /** true, inf, an enum's name. */
    WORD,
    /** JSON's null: as if the field were not there. */
    NULL
  }

  /** The value as an error message shows it. */
  default String shown() {
    if (this instanceof Scalar scalar) {
      return scalar.kind() == Kind.STRING
          ? Show.quoted(scalar.text())
          : Show.oneLine(scalar.text());
    }
    return this instanceof Block ? "a message in braces" : "a list";
  }
}
