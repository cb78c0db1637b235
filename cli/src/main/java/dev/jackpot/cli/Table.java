package dev.jackpot.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table in plain text, its columns aligned and two spaces apart: text to the left, numbers to the
 * right. Columns are as wide as a terminal draws them: combining marks take no place, East Asian
 * and emoji characters two.
 *
 * <pre>
 *  Kernel         Shape       Kept    Density
 *  conv1/kernel   3×3×3×16     108    25.00 %
 * </pre>
 */
final class Table {
  private static final String GAP = "  ";

  private final List<String> headings = new ArrayList<>();
  private final List<Boolean> numeric = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a column of text. */
  Table text(String heading) {
    return column(heading, false);
  }

  /** Adds a column of numbers. */
  Table number(String heading) {
    return column(heading, true);
  }

  private Table column(String heading, boolean isNumber) {
    if (!rows.isEmpty()) {
      throw new IllegalStateException("columns come before rows");
    }
    headings.add(printable(heading));
    numeric.add(isNumber);
    return this;
  }

  /**
   * Adds a row, a value a column.
   *
   * @throws IllegalArgumentException if there are more or fewer values than columns
   */
  Table row(Object... values) {
    if (values.length != headings.size()) {
      throw new IllegalArgumentException(
          "a row of %d values in a table of %d columns".formatted(values.length, headings.size()));
    }
    rows.add(Arrays.stream(values).map(v -> printable(String.valueOf(v))).toList());
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The headings and the rows, each ended by a line end; no spaces at the end of a line. */
  @Override
  public String toString() {
    int[] widths = new int[headings.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = width(headings.get(c));
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], width(row.get(c)));
      }
    }
    StringBuilder out = new StringBuilder();
    append(out, headings, widths);
    rows.forEach(row -> append(out, row, widths));
    return out.toString();
  }

  private void append(StringBuilder out, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String padding = " ".repeat(widths[c] - width(cells.get(c)));
      line.append(c == 0 ? "" : GAP)
          .append(numeric.get(c) ? padding + cells.get(c) : cells.get(c) + padding);
    }
    out.append(line.toString().stripTrailing()).append(System.lineSeparator());
  }

  /**
   * Names come from files: line ends would break the table, escape sequences would command the
   * terminal.
   */
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              boolean bad =
                  type == Character.CONTROL
                      || type == Character.SURROGATE
                      || type == Character.LINE_SEPARATOR
                      || type == Character.PARAGRAPH_SEPARATOR
                      || c >= 0x202A && c <= 0x202E
                      || c >= 0x2066 && c <= 0x2069;
              out.appendCodePoint(bad ? 0xFFFD : c);
            });
    return out.toString();
  }

  /** Columns of a terminal that a text fills. */
  static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    return isWide(c) ? 2 : 1;
  }

  /**
   * Blocks that Unicode's East_Asian_Width (UAX 11) calls wide or full-width, without their few
   * narrow holes.
   */
  private static boolean isWide(int c) {
    return c >= 0x1100 && c <= 0x115F
        || c >= 0x2E80 && c <= 0x303E
        || c >= 0x3041 && c <= 0xA4CF
        || c >= 0xA960 && c <= 0xA97C
        || c >= 0xAC00 && c <= 0xD7A3
        || c >= 0xF900 && c <= 0xFAFF
        || c >= 0xFE30 && c <= 0xFE6F
        || c >= 0xFF01 && c <= 0xFF60
        || c >= 0xFFE0 && c <= 0xFFE6
        || c >= 0x1F300 && c <= 0x1F64F
        || c >= 0x1F900 && c <= 0x1F9FF
        || c >= 0x20000 && c <= 0x3FFFD;
  }
}
