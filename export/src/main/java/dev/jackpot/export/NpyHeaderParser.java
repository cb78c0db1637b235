package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.ndarray.Shape;

/**
 * Reads the one form of Python literal a .npy header holds, {@code {'descr': '<f4',
 * 'fortran_order': False, 'shape': (3, 4), }}, and nothing else: no expressions, no objects.
 */
final class NpyHeaderParser {
  private static final int MOST_DIMENSIONS = 32;
  // a float[] holds no more
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;

  private final String text;
  private final String place;
  private int at;
  private String descr;
  private Boolean fortran;
  private Shape shape;

  NpyHeaderParser(String text, String place) {
    this.text = text;
    this.place = place;
  }

  NpyHeader parse(int bytes) {
    expect('{');
    while (!accept('}')) {
      entry();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skipBlanks();
    if (at != text.length()) {
      throw wrong("the end");
    }
    if (descr == null || fortran == null || shape == null) {
      throw new JackpotException(
          "%s: NumPy header without %s, expected descr, fortran_order and shape"
              .formatted(
                  place, descr == null ? "descr" : fortran == null ? "fortran_order" : "shape"));
    }
    return new NpyHeader(type(), order(), fortran, shape, bytes);
  }

  private void entry() {
    String key = string();
    expect(':');
    boolean again =
        switch (key) {
          case "descr" -> descr != null;
          case "fortran_order" -> fortran != null;
          case "shape" -> shape != null;
          default ->
              throw new JackpotException(
                  "%s: NumPy header has a key '%s', expected descr, fortran_order and shape"
                      .formatted(place, printable(key)));
        };
    if (again) {
      throw new JackpotException("%s: NumPy header has the key '%s' twice".formatted(place, key));
    }
    skipBlanks();
    switch (key) {
      case "descr" -> {
        if (at < text.length() && text.charAt(at) == '[') {
          throw new JackpotException(
              place + ": is a structured array; expected an array of plain numbers");
        }
        descr = string();
      }
      case "fortran_order" -> fortran = bool();
      default -> shape = shape();
    }
  }

  private NumberType type() {
    if (descr.endsWith("O") || descr.contains("O8")) {
      throw new JackpotException(
          "%s: holds Python objects (dtype %s), which are never read; save it as float32"
              .formatted(place, printable(descr)));
    }
    String kinds =
        Stream.of(NumberType.values())
            .map(NumberType::numpy)
            .filter(k -> !k.isEmpty())
            .collect(Collectors.joining(", "));
    String code = descr.isEmpty() ? "" : descr.substring(1);
    return NumberType.ofNumpy(code)
        .filter(
            t ->
                descr.charAt(0) == '<'
                    || descr.charAt(0) == '>'
                    || (descr.charAt(0) == '|' && t.bytes() == 1))
        .orElseThrow(
            () ->
                new JackpotException(
                    "%s: dtype '%s', expected '<' or '>' (or '|' for one byte) and one of %s"
                        .formatted(place, printable(descr), kinds)));
  }

  private ByteOrder order() {
    return descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  private Shape shape() {
    expect('(');
    List<Long> sizes = new ArrayList<>();
    boolean comma = true;
    while (!accept(')')) {
      if (!comma) {
        throw wrong("',' or ')'");
      }
      sizes.add(size());
      comma = accept(',');
    }
    if (sizes.size() == 1 && !comma) {
      throw new JackpotException(place + ": NumPy header's shape is not a tuple");
    }
    if (sizes.size() > MOST_DIMENSIONS) {
      throw new JackpotException(
          "%s: %d dimensions, expected at most %d".formatted(place, sizes.size(), MOST_DIMENSIONS));
    }
    long elements = 1;
    for (long size : sizes) {
      if (size != 0 && elements > MOST_ELEMENTS / size) {
        throw new JackpotException(
            "%s: shape %s has more than %d elements".formatted(place, sizes, MOST_ELEMENTS));
      }
      elements *= size;
    }
    return Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  private long size() {
    skipBlanks();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start || at - start > 18) {
      throw wrong("a size of at most 18 digits");
    }
    long size = Long.parseLong(text, start, at, 10);
    if (at < text.length() && text.charAt(at) == 'L') {
      at++; // Python 2's long
    }
    if (size > MOST_ELEMENTS) {
      throw new JackpotException(
          "%s: dimension of size %d, expected at most %d".formatted(place, size, MOST_ELEMENTS));
    }
    return size;
  }

  private boolean bool() {
    for (String word : Arrays.asList("False", "True")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return word.equals("True");
      }
    }
    throw wrong("True or False");
  }

  private String string() {
    skipBlanks();
    if (at >= text.length() || (text.charAt(at) != '\'' && text.charAt(at) != '"')) {
      throw wrong("a quoted string");
    }
    int end = text.indexOf(text.charAt(at), at + 1);
    if (end < 0) {
      throw wrong("a closing quote");
    }
    String content = text.substring(at + 1, end);
    at = end + 1;
    return content;
  }

  private void expect(char wanted) {
    if (!accept(wanted)) {
      throw wrong("'" + wanted + "'");
    }
  }

  private boolean accept(char wanted) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private JackpotException wrong(String expected) {
    String found =
        at >= text.length()
            ? "its end"
            : "'" + printable(text.substring(at, Math.min(at + 12, text.length()))) + "'";
    return new JackpotException(
        "%s: malformed NumPy header at character %d: expected %s, found %s"
            .formatted(place, at, expected, found));
  }

  /** Control characters replaced, so that a message stays one line. */
  private static String printable(String s) {
    return s.codePoints()
        .limit(40)
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
