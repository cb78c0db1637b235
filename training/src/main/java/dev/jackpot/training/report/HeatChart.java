package dev.jackpot.training.report;

import dev.jackpot.training.report.CurveChart.CannotDrawException;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.style.HeatMapStyler;

/** Draws a table of numbers as cells of one colour, the fuller the larger, as an SVG for a page. */
final class HeatChart {
  /** Columns that are drawn; of more, some. */
  private static final int COLUMNS = 40;

  /** Rows that are drawn; of more, some. */
  private static final int ROWS = 60;

  private static final int FULL = 100;

  private HeatChart() {}

  /**
   * Cells.
   *
   * @param columns from left to right
   * @param rows from top to bottom
   * @param values [row][column]
   */
  record Cells(List<String> columns, List<String> rows, double[][] values) {
    /**
     * Every so-manyth row and column, so that no more are left than are drawn; the last ones stay.
     */
    Cells thinned() {
      int[] across = chosen(columns.size(), COLUMNS);
      int[] down = chosen(rows.size(), ROWS);
      double[][] left = new double[down.length][across.length];
      List<String> names = new ArrayList<>();
      List<String> labels = new ArrayList<>();
      for (int c : across) {
        names.add(columns.get(c));
      }
      for (int r = 0; r < down.length; r++) {
        labels.add(rows.get(down[r]));
        for (int c = 0; c < across.length; c++) {
          left[r][c] = values[down[r]][across[c]];
        }
      }
      return new Cells(names, labels, left);
    }

    private static int[] chosen(int size, int most) {
      int n = Math.min(size, most);
      int[] chosen = new int[n];
      for (int i = 0; i < n; i++) {
        chosen[i] = n == 1 ? 0 : (int) ((long) i * (size - 1) / (n - 1));
      }
      return chosen;
    }
  }

  /**
   * An {@code <svg>} element.
   *
   * @param cells at least one; every value is finite
   * @param most a full cell's value, above 0
   * @param id unique in the page
   * @param title read to those who cannot see the chart
   */
  static String draw(Cells cells, double most, String id, String title) throws CannotDrawException {
    return CurveChart.svg(() -> chart(cells.thinned(), most), id, title);
  }

  private static HeatMapChart chart(Cells cells, double most) {
    HeatMapChart chart = CurveChart.blankMap();
    HeatMapStyler style = chart.getStyler();
    style.setRangeColors(new Color[] {Svg.level(0), Svg.level(FULL)});
    style.setShowValue(false);
    style.setDrawBorder(false);
    style.setPlotContentSize(1);
    style.setPlotGridLinesVisible(false);
    style.setMin(0);
    style.setMax(FULL);
    int rows = cells.rows().size();
    List<Number[]> data = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cells.columns().size(); c++) {
        double share = Math.max(0, Math.min(1, cells.values()[r][c] / most));
        // the first row on top
        data.add(new Number[] {c, rows - 1 - r, Math.round(FULL * share)});
      }
    }
    List<String> upwards = new ArrayList<>(cells.rows());
    Collections.reverse(upwards);
    chart.addSeries("cells", cells.columns(), upwards, data);
    return chart;
  }
}
