package dev.jackpot.training.report;

import dev.jackpot.training.report.Curve.Point;
import dev.jackpot.training.report.CurveChart.CannotDrawException;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws points, with or without the line on which y = x, as an SVG for a page. */
final class ScatterChart {
  private ScatterChart() {}

  /**
   * Points of one colour.
   *
   * @param color index among the chart's colours
   * @param points more than a screen can show are thinned; every coordinate is finite
   */
  record Cloud(int color, List<Point> points) {
    Cloud {
      points = thin(points);
    }

    /** Every so-manyth, so that at most {@link Curve#LIMIT} are left. */
    private static List<Point> thin(List<Point> points) {
      int n = points.size();
      if (n <= Curve.LIMIT) {
        return List.copyOf(points);
      }
      List<Point> kept = new ArrayList<>(Curve.LIMIT);
      for (int i = 0; i < Curve.LIMIT; i++) {
        kept.add(points.get((int) ((long) i * n / Curve.LIMIT)));
      }
      return List.copyOf(kept);
    }
  }

  /**
   * An {@code <svg>} element.
   *
   * @param clouds at least one, none of them empty
   * @param id unique in the page
   * @param title read to those who cannot see the chart
   */
  static String draw(List<Cloud> clouds, String id, String title) throws CannotDrawException {
    return CurveChart.svg(() -> chart(clouds, true), id, title);
  }

  /** The same without the line. */
  static String drawPlain(List<Cloud> clouds, String id, String title) throws CannotDrawException {
    return CurveChart.svg(() -> chart(clouds, false), id, title);
  }

  private static XYChart chart(List<Cloud> clouds, boolean diagonal) {
    XYChart chart = CurveChart.blank();
    XYStyler style = chart.getStyler();
    style.setXAxisTickLabelsFormattingFunction(CurveSection::number);
    style.setYAxisTickLabelsFormattingFunction(CurveSection::number);
    style.setXAxisTickMarkSpacingHint(80);
    style.setMarkerSize(4);
    if (diagonal) {
      double low = x(clouds).min().orElseThrow();
      double high = x(clouds).max().orElseThrow();
      add(
          chart,
          new double[] {low, high},
          new double[] {low, high},
          Svg.placeholder(0, true),
          true);
    }
    for (Cloud cloud : clouds) {
      double[] xs = cloud.points().stream().mapToDouble(Point::x).toArray();
      double[] ys = cloud.points().stream().mapToDouble(Point::y).toArray();
      add(chart, xs, ys, Svg.placeholder(cloud.color() % CurveChart.COLORS, false), false);
    }
    return chart;
  }

  private static DoubleStream x(List<Cloud> clouds) {
    return clouds.stream().flatMap(c -> c.points().stream()).mapToDouble(Point::x);
  }

  private static void add(XYChart chart, double[] xs, double[] ys, Color color, boolean line) {
    XYSeries series = chart.addSeries("series " + chart.getSeriesCollection().size(), xs, ys);
    series.setLineColor(color);
    series.setMarkerColor(color);
    series.setXYSeriesRenderStyle(line ? XYSeriesRenderStyle.Line : XYSeriesRenderStyle.Scatter);
    series.setLineStyle(new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    series.setMarker(line ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
  }
}
