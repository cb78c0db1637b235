package dev.jackpot.config;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.math.BigDecimal;
import java.util.List;

/**
 * Values as they stand in messages and in textproto. Nothing a file contains can break a line or
 * reach a terminal.
 */
public final class Show {
  private static final int LONGEST = 80;

  private Show() {}

  /** Printable, on one line, cut after 80 characters. */
  public static String oneLine(String text) {
    StringBuilder shown = new StringBuilder();
    int[] points = text.codePoints().limit(LONGEST + 1L).toArray();
    for (int i = 0; i < Math.min(points.length, LONGEST); i++) {
      appendPrintable(shown, points[i]);
    }
    return points.length > LONGEST ? shown.append('…').toString() : shown.toString();
  }

  /** {@link #oneLine} in double quotes. */
  public static String quoted(String text) {
    return '"' + oneLine(text) + '"';
  }

  /**
   * A scalar as textproto writes it: the shortest decimal of a double, an enum's name, a quoted
   * string.
   */
  static String scalar(Object value) {
    if (value instanceof Double d) {
      return number(d);
    } else if (value instanceof EnumValueDescriptor e) {
      return e.getName();
    } else if (value instanceof String s) {
      return literal(s);
    }
    return String.valueOf(value);
  }

  /** {@code [a, b]}. */
  static String list(List<?> values) {
    return "[" + String.join(", ", values.stream().map(Show::scalar).toList()) + "]";
  }

  private static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal decimal = BigDecimal.valueOf(value).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent < -6 || exponent > 9) {
      return decimal.toString();
    }
    String plain = decimal.toPlainString();
    return plain.contains(".") ? plain : plain + ".0";
  }

  /** A string literal that textproto reads back to the same string. */
  private static String literal(String text) {
    StringBuilder shown = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                shown.append('\\').appendCodePoint(c);
              } else {
                appendPrintable(shown, c);
              }
            });
    return shown.append('"').toString();
  }

  private static void appendPrintable(StringBuilder to, int c) {
    int type = Character.getType(c);
    if (c == '\n') {
      to.append("\\n");
    } else if (c == '\t') {
      to.append("\\t");
    } else if (c == '\r') {
      to.append("\\r");
    } else if (type == Character.SURROGATE) {
      to.append('\uFFFD');
    } else if (Character.isISOControl(c)
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.UNASSIGNED) {
      to.append(c > 0xFFFF ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
    } else {
      to.appendCodePoint(c);
    }
  }
}
