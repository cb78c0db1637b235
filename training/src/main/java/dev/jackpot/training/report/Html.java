package dev.jackpot.training.report;

import java.util.List;

/**
 * Builds HTML. Whatever comes from a file passes through {@link #escape}; markup is only what
 * stands in the code.
 */
final class Html {
  private final StringBuilder out = new StringBuilder();

  /** Text for element content and quoted attributes. Characters that HTML forbids become U+FFFD. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
              }
            });
    return escaped.toString();
  }

  private static boolean isAllowed(int c) {
    boolean control = c < 0x20 && c != '\n' && c != '\t' || c >= 0x7F && c < 0xA0;
    boolean direction = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069;
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
    return !control && !direction && !surrogate;
  }

  /** Appends markup as it is. */
  Html raw(String markup) {
    out.append(markup).append('\n');
    return this;
  }

  /** Appends {@code <tag>text</tag>}, the text escaped. */
  Html element(String tag, String text) {
    return raw("<%s>%s</%s>".formatted(tag, escape(text), tag.split(" ", 2)[0]));
  }

  /** Opens a section with a heading. Close it with {@code raw("</section>")}. */
  Html section(String title) {
    return raw("<section>").element("h2", title);
  }

  /**
   * Opens a table that scrolls by itself where the page is narrow. The first column is text, the
   * others are numbers.
   */
  Html openTable(List<String> headings) {
    raw("<div class=\"scroll\" tabindex=\"0\"><table>").raw("<thead><tr>");
    headings.forEach(h -> element("th scope=\"col\"", h));
    return raw("</tr></thead>").raw("<tbody>");
  }

  Html closeTable() {
    return raw("</tbody></table></div>");
  }

  /**
   * A row of a table; the first cell is its heading. What follows a tab in a cell goes to a second
   * line where the page is narrow.
   */
  Html row(String heading, List<String> cells) {
    return row("<tr>", heading, cells);
  }

  /** A row that stands out. */
  Html mainRow(String heading, List<String> cells) {
    return row("<tr class=\"main\">", heading, cells);
  }

  private Html row(String tag, String heading, List<String> cells) {
    raw(tag).element("th scope=\"row\"", heading);
    for (String cell : cells) {
      String[] parts = cell.split("\t", 2);
      String second =
          parts.length == 1 ? "" : " <span class=\"second\">" + escape(parts[1]) + "</span>";
      raw("<td>" + escape(parts[0]) + second + "</td>");
    }
    return raw("</tr>");
  }

  /** Text in a monospaced box, line ends kept. */
  Html pre(String text) {
    return raw("<pre tabindex=\"0\">" + escape(text) + "</pre>");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
