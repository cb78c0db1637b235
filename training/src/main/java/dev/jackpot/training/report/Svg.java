package dev.jackpot.training.report;

import java.awt.Color;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Makes a plotting library's SVG fit into a page: it scales with the page, takes its colours from
 * the page's style sheet, has no ids of other charts, and is small (coordinates to a tenth of a
 * pixel, a polyline as one path rather than an element a segment).
 *
 * <p>Colours travel through the library as placeholders: {@code rgb(1, n, 0)} becomes a style
 * sheet's variable.
 */
final class Svg {
  static final Color TRANSPARENT = new Color(0, 0, 0, 0);

  /** {@code var(--text)}. */
  static final Color TEXT = new Color(1, 1, 1);

  /** {@code var(--line)}. */
  static final Color GRID = new Color(1, 2, 1);

  private static final Pattern NUMBER = Pattern.compile("-?\\d+\\.\\d+(?:[eE]-?\\d+)?");
  private static final Pattern CURVE = Pattern.compile("rgb\\(2,(\\d+),([01])\\)");
  private static final Pattern LEVEL = Pattern.compile("fill:rgb\\(3,(\\d+),0\\)");
  private static final Pattern CLIP = Pattern.compile("url\\(#[^)]*\\)");

  private Svg() {}

  /** The placeholder of a cell's fill: from none at 0 to the first stage's colour at 100. */
  static Color level(int percent) {
    return new Color(3, percent, 0);
  }

  /** The placeholder of a stage's colour; a faint one is dashed. */
  static Color placeholder(int index, boolean faint) {
    return new Color(2, index, faint ? 1 : 0);
  }

  /**
   * @param svg a whole SVG document with a viewBox
   * @param id unique in the page
   * @param title read to those who cannot see it
   */
  static String compact(String svg, String id, String title) {
    Element root = parse(svg).getDocumentElement();
    StringBuilder out = new StringBuilder();
    out.append(
        "<svg viewBox=\"%s\" role=\"img\" aria-labelledby=\"%s\">"
            .formatted(root.getAttribute("viewBox"), id));
    out.append("<title id=\"%s\">%s</title>".formatted(id, Html.escape(title)));
    children(root, id, out);
    return out.append("</svg>").toString();
  }

  private static Document parse(String svg) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      // The document names a DTD on the network.
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("the plotting library wrote a broken SVG", e);
    }
  }

  private static void children(Element parent, String id, StringBuilder out) {
    NodeList nodes = parent.getChildNodes();
    Polyline polyline = new Polyline(out);
    for (int i = 0; i < nodes.getLength(); i++) {
      if (nodes.item(i) instanceof Element element) {
        if (element.getTagName().equals("line")) {
          polyline.add(element);
        } else if (!isInvisible(element)) {
          polyline.end();
          element(element, id, out);
        }
      }
    }
    polyline.end();
  }

  private static boolean isInvisible(Element element) {
    return element.getAttribute("style").startsWith("fill:rgb(0,0,0);fill-opacity:0;stroke:none");
  }

  private static void element(Element element, String id, StringBuilder out) {
    String tag = element.getTagName();
    out.append('<').append(tag);
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      Node attribute = element.getAttributes().item(i);
      out.append(" %s=\"%s\"".formatted(attribute.getNodeName(), value(attribute, id)));
    }
    out.append('>');
    children(element, id, out);
    out.append("</").append(tag).append('>');
  }

  private static String value(Node attribute, String id) {
    String text = attribute.getNodeValue();
    return switch (attribute.getNodeName()) {
      case "id" -> id + "-clip";
      case "clip-path" -> CLIP.matcher(text).replaceAll("url(#" + id + "-clip)");
      case "style" -> Html.escape(style(text));
      default -> Html.escape(round(text));
    };
  }

  /** A style with the placeholders replaced and what is the default left out. */
  static String style(String text) {
    String style = text;
    for (Map.Entry<String, String> e :
        Map.of(
                "rgb(1,1,1)",
                "var(--text)",
                "rgb(1,2,1)",
                "var(--line)",
                "stroke-miterlimit:10;",
                "")
            .entrySet()) {
      style = style.replace(e.getKey(), e.getValue());
    }
    boolean dashed = CURVE.matcher(style).results().anyMatch(m -> m.group(2).equals("1"));
    style = CURVE.matcher(style).replaceAll("var(--stage$1)");
    style =
        LEVEL
            .matcher(style)
            .replaceAll(
                m ->
                    "fill:var(--stage0);fill-opacity:%.2f"
                        .formatted(Integer.parseInt(m.group(1)) / 100.));
    return dashed ? style + "stroke-dasharray:4 2;" : style;
  }

  /** The text with every decimal number rounded to tenths. */
  static String round(String text) {
    return NUMBER
        .matcher(text)
        .replaceAll((MatchResult m) -> tenths(Double.parseDouble(m.group())));
  }

  private static String tenths(double value) {
    long tenths = Math.round(value * 10);
    return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
  }

  /** Joins line elements of one style that meet into one path, in which dashes run on. */
  private static final class Polyline {
    private final StringBuilder out;
    private final StringBuilder path = new StringBuilder();
    private String style = "";
    private String end = "";

    Polyline(StringBuilder out) {
      this.out = out;
    }

    void add(Element line) {
      String from = point(line, "1");
      String to = point(line, "2");
      if (!line.getAttribute("style").equals(style)) {
        end();
        style = line.getAttribute("style");
      }
      if (!from.equals(end)) {
        path.append('M').append(from);
      }
      if (!to.equals(from)) {
        path.append('L').append(to);
      }
      end = to;
    }

    void end() {
      if (path.length() > 0) {
        out.append("<path d=\"%s\" style=\"%s\"></path>".formatted(path, style(style)));
      }
      path.setLength(0);
      style = "";
      end = "";
    }

    private static String point(Element line, String end) {
      return round(line.getAttribute("x" + end)) + " " + round(line.getAttribute("y" + end));
    }
  }
}
