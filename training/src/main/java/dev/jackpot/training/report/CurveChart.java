package dev.jackpot.training.report;

import dev.jackpot.training.report.Curve.Point;
import java.awt.AWTError;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.Supplier;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Draws curves by XChart as an SVG for a page: no text of the config, colours by the page's style
 * sheet.
 */
final class CurveChart {
  /** The style sheet has this many colours for stages; more stages share them. */
  static final int COLORS = 6;

  /**
   * Pixels at 100 %: two fit side by side on a screen, one fills a phone with its text still
   * readable.
   */
  private static final int WIDTH = 440;

  private static final int HEIGHT = 250;
  private static final int FONT_SIZE = 12;

  static {
    // No window is ever opened; without this, Java looks for a display (and puts an icon into
    // macOS' dock).
    if (System.getProperty("java.awt.headless") == null) {
      System.setProperty("java.awt.headless", "true");
    }
  }

  /** Thrown where this machine's Java cannot draw, for instance because it has no fonts. */
  static final class CannotDrawException extends Exception {
    private static final long serialVersionUID = 1L;

    CannotDrawException(Throwable cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  private CurveChart() {}

  /**
   * An {@code <svg>} element.
   *
   * @param curves at least one
   * @param range the first and the last epoch on the axis; all charts of a page share it
   * @param label what the axis' numbers look like
   * @param id unique in the page
   * @param title read to those who cannot see the chart
   */
  static String draw(
      List<Curve> curves, Curves.Range range, DoubleFunction<String> label, String id, String title)
      throws CannotDrawException {
    return draw(curves, range, v -> epoch(v, range), label, id, title);
  }

  /**
   * The same over something else than epochs.
   *
   * @param xLabel what the numbers of the horizontal axis look like
   */
  static String draw(
      List<Curve> curves,
      Curves.Range range,
      DoubleFunction<String> xLabel,
      DoubleFunction<String> label,
      String id,
      String title)
      throws CannotDrawException {
    return svg(() -> chart(curves, range, xLabel, label), id, title);
  }

  /** An {@code <svg>} element of a chart of the page's size and colours. */
  static String svg(Supplier<? extends Chart<?, ?>> chart, String id, String title)
      throws CannotDrawException {
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    try {
      ChartEncoder.saveChart(chart.get(), svg, "svg");
    } catch (RuntimeException | LinkageError | InternalError | AWTError | IOException e) {
      throw new CannotDrawException(e);
    }
    return Svg.compact(svg.toString(StandardCharsets.UTF_8), id, title);
  }

  private static XYChart chart(
      List<Curve> curves,
      Curves.Range range,
      DoubleFunction<String> xLabel,
      DoubleFunction<String> label) {
    XYChart chart = blank();
    axes(chart.getStyler(), range, xLabel, label);
    for (Curve curve : curves) {
      XYSeries series =
          chart.addSeries(
              "curve " + chart.getSeriesCollection().size(),
              curve.points().stream().mapToDouble(Point::x).toArray(),
              curve.points().stream().mapToDouble(Point::y).toArray());
      Color color = Svg.placeholder(curve.color() % COLORS, curve.faint());
      series.setLineColor(color);
      series.setMarkerColor(color);
      series.setLineStyle(
          new BasicStroke(curve.faint() ? 1.2f : 2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
      // A line of one point would not be seen.
      series.setMarker(curve.points().size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    }
    return chart;
  }

  /** A chart of the page's size and colours without anything in it. */
  static XYChart blank() {
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).build();
    style(chart.getStyler());
    chart.getStyler().setMarkerSize(6);
    return chart;
  }

  /** A map of cells of the same size and colours without anything in it. */
  static HeatMapChart blankMap() {
    HeatMapChart chart = new HeatMapChartBuilder().width(WIDTH).height(HEIGHT).build();
    style(chart.getStyler());
    return chart;
  }

  private static void style(AxesChartStyler style) {
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, FONT_SIZE);
    style.setLocale(Locale.ROOT);
    style.setChartBackgroundColor(Svg.TRANSPARENT);
    style.setPlotBackgroundColor(Svg.TRANSPARENT);
    style.setPlotBorderVisible(false);
    style.setLegendVisible(false);
    style.setChartTitleVisible(false);
    style.setChartPadding(2);
    style.setAxisTitlesVisible(false);
    style.setAxisTickLabelsFont(font);
    style.setXAxisTickLabelsColor(Svg.TEXT);
    style.setYAxisTickLabelsColor(Svg.TEXT);
    style.setAxisTickMarksColor(Svg.GRID);
    style.setXAxisTickMarksColor(Svg.GRID);
    style.setYAxisTickMarksColor(Svg.GRID);
    style.setPlotGridVerticalLinesVisible(false);
    style.setPlotGridLinesColor(Svg.GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1f));
    style.setXAxisTickMarkSpacingHint(60);
    style.setYAxisTickMarkSpacingHint(40);
  }

  private static void axes(
      XYStyler style,
      Curves.Range range,
      DoubleFunction<String> xLabel,
      DoubleFunction<String> label) {
    style.setXAxisTickLabelsFormattingFunction(xLabel::apply);
    style.setYAxisTickLabelsFormattingFunction(label::apply);
    // A single epoch has no width.
    double margin = range.first() == range.last() ? 1 : 0;
    style.setXAxisMin(range.first() - margin);
    style.setXAxisMax(range.last() + margin);
  }

  /** Epochs are whole; a tick between two of them, or beyond them, says nothing. */
  private static String epoch(double value, Curves.Range range) {
    boolean shown = value == Math.rint(value) && range.first() <= value && value <= range.last();
    return shown ? Figures.count((long) value) : " ";
  }
}
