package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SvgTest {
  @Test
  void joinsLinesOfOneStyleThatMeet() {
    String curve = "stroke:rgb(2,3,0);";
    String svg =
        "<!DOCTYPE svg PUBLIC \"x\" \"http://nowhere.invalid/x.dtd\"><svg viewBox=\"0 0 9 9\">"
            + line(curve, "0.04", "1", "1.26", "2")
            + line(curve, "1.26", "2", "3", "3")
            + line(curve, "5", "5", "6", "6")
            + line("stroke:rgb(1,2,1);", "6", "6", "7", "7")
            + "</svg>";
    assertThat(Svg.compact(svg, "c1", "a < b"))
        .isEqualTo(
            "<svg viewBox=\"0 0 9 9\" role=\"img\" aria-labelledby=\"c1\">"
                + "<title id=\"c1\">a &lt; b</title>"
                + "<path d=\"M0 1L1.3 2L3 3M5 5L6 6\" style=\"stroke:var(--stage3);\"></path>"
                + "<path d=\"M6 6L7 7\" style=\"stroke:var(--line);\"></path></svg>");
  }

  private static String line(String style, String x1, String y1, String x2, String y2) {
    return "<line style=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
        .formatted(style, x1, y1, x2, y2);
  }

  @Test
  void idsAreThoseOfTheChart() {
    String svg =
        "<svg viewBox=\"0 0 9 9\"><defs><clipPath id=\"clip77\"><rect width=\"1.05\"/></clipPath>"
            + "</defs><g clip-path=\"url(#clip77)\"/></svg>";
    assertThat(Svg.compact(svg, "c2", "t"))
        .contains("<clipPath id=\"c2-clip\"><rect width=\"1.1\">", "clip-path=\"url(#c2-clip)\"")
        .doesNotContain("clip77");
  }

  @Test
  void faintCurvesAreDashed() {
    assertThat(Svg.style("fill:none;stroke:rgb(2,0,1);stroke-miterlimit:10;"))
        .isEqualTo("fill:none;stroke:var(--stage0);stroke-dasharray:4 2;");
    assertThat(Svg.style("fill:rgb(1,1,1);stroke:rgb(12,0,1);"))
        .isEqualTo("fill:var(--text);stroke:rgb(12,0,1);");
  }

  @Test
  void coordinatesAreRoundedToTenths() {
    assertThat(Svg.round("M-0.04,12.96 L1.0E-4 2 Q33.845703125,-7.25"))
        .isEqualTo("M0,13 L0 2 Q33.8,-7.2");
  }
}
