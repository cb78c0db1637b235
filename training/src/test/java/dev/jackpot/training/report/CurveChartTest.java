package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jackpot.training.report.Curve.Point;
import dev.jackpot.training.report.CurveChart.CannotDrawException;
import java.util.List;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

class CurveChartTest {
  private static final List<Curve> CURVES =
      List.of(
          new Curve(0, false, List.of(new Point(1, 0.5), new Point(2, 0.75))),
          new Curve(7, true, List.of(new Point(2, 0.5))));

  private static String draw(DoubleFunction<String> label) throws CannotDrawException {
    return CurveChart.draw(CURVES, new Curves.Range(1, 2), label, "c", "A & B");
  }

  @Test
  void takesItsColoursFromThePage() throws CannotDrawException {
    assertThat(draw(Double::toString))
        .startsWith("<svg viewBox=\"0 0 440 250\"")
        .contains("A &amp; B", "stroke:var(--stage0)", "fill:var(--stage1)")
        .contains("var(--text)", "var(--line)")
        .doesNotContain("rgb(");
  }

  @Test
  void aPlatformThatCannotDrawIsReportedNotThrownThrough() {
    assertThatThrownBy(
            () ->
                draw(
                    v -> {
                      throw new InternalError("no fonts");
                    }))
        .isInstanceOf(CannotDrawException.class)
        .hasMessage("no fonts");
  }
}
