package dev.jackpot.training.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.function.DoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Points with error bars, one of each series in every group, side by side. */
final class GroupChart {
  /** Of a group's width, how much its points take. */
  private static final double WIDTH = 0.6;

  private GroupChart() {}

  /**
   * One kind of points.
   *
   * @param color index among the style sheet's
   * @param values one a group; NaN where there is none
   * @param errors half of each bar's length; NaN for none
   */
  record Series(int color, double[] values, double[] errors) {}

  /**
   * An {@code <svg>} element.
   *
   * @param groups what the x axis says below each
   * @param label what the y axis' numbers look like
   * @param id unique in the page
   * @param title read to those who cannot see the chart
   */
  static String draw(
      List<String> groups,
      List<Series> series,
      DoubleFunction<String> label,
      String id,
      String title)
      throws CurveChart.CannotDrawException {
    return CurveChart.svg(() -> chart(groups, series, label), id, title);
  }

  private static XYChart chart(
      List<String> groups, List<Series> series, DoubleFunction<String> label) {
    XYChart chart = CurveChart.blank();
    XYStyler style = chart.getStyler();
    style.setXAxisTickLabelsFormattingFunction(v -> group(v, groups));
    style.setYAxisTickLabelsFormattingFunction(label::apply);
    style.setXAxisMin(0.5);
    style.setXAxisMax(groups.size() + 0.5);
    style.setErrorBarsColorSeriesColor(true);
    for (int s = 0; s < series.size(); s++) {
      Series each = series.get(s);
      double shift = series.size() == 1 ? 0 : WIDTH * ((double) s / (series.size() - 1) - 0.5);
      int count = (int) java.util.Arrays.stream(each.values()).filter(Double::isFinite).count();
      if (count == 0) {
        continue;
      }
      double[] x = new double[count];
      double[] y = new double[count];
      double[] error = new double[count];
      int i = 0;
      for (int g = 0; g < groups.size(); g++) {
        if (Double.isFinite(each.values()[g])) {
          x[i] = g + 1 + shift;
          y[i] = each.values()[g];
          error[i++] = Double.isFinite(each.errors()[g]) ? each.errors()[g] : 0;
        }
      }
      XYSeries drawn = chart.addSeries("series " + s, x, y, error);
      Color color = Svg.placeholder(each.color() % CurveChart.COLORS, false);
      drawn.setLineColor(color);
      drawn.setMarkerColor(color);
      drawn.setMarker(SeriesMarkers.CIRCLE);
      drawn.setLineStyle(new BasicStroke(1.2f));
      drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
    return chart;
  }

  private static String group(double value, List<String> groups) {
    boolean whole = value == Math.rint(value) && value >= 1 && value <= groups.size();
    return whole ? groups.get((int) value - 1) : " ";
  }
}
