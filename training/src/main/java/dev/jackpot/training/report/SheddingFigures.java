package dev.jackpot.training.report;

import dev.jackpot.pruning.shedding.MagnitudeHistogram;
import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.training.report.Curve.Point;
import dev.jackpot.training.report.CurveChart.CannotDrawException;
import dev.jackpot.training.run.SheddingMeasurement;
import dev.jackpot.training.run.SheddingMeasurement.Control;
import dev.jackpot.training.run.SheddingMeasurement.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The charts of one stage's shedding. */
final class SheddingFigures {
  private final List<SheddingMeasurement> lines;
  private final List<SheddingMeasurement> whole;
  private final String id;
  private final StringBuilder out = new StringBuilder();
  private int drawn;

  /**
   * @param lines all of the stage
   * @param whole those with layers; at least one
   * @param id unique in the page
   */
  SheddingFigures(List<SheddingMeasurement> lines, List<SheddingMeasurement> whole, String id) {
    this.lines = lines;
    this.whole = whole;
    this.id = id;
  }

  /** All of them, as markup. */
  String all() throws CannotDrawException {
    SheddingMeasurement last = whole.get(whole.size() - 1);
    curves("S_rel by epoch, in %", "ε", last.relative(), (c, k) -> c.relative().get(k));
    curves("S_gmp by epoch, in %", "q", last.quantiles(), (c, k) -> c.global().get(k));
    histograms();
    if (!last.quantiles().isEmpty()) {
      densities(last.quantiles().size() - 1);
    }
    return out.toString();
  }

  private void figure(String title, String legend, String svg) {
    out.append("<figure><figcaption>%s</figcaption>".formatted(Html.escape(title)))
        .append(legend)
        .append(svg)
        .append("</figure>");
  }

  private String id() {
    return id + "-" + drawn++;
  }

  private void curves(
      String title, String letter, List<Double> levels, BiFunction<ShedCounts, Integer, Long> count)
      throws CannotDrawException {
    List<Curve> curves = new ArrayList<>();
    StringBuilder legend = new StringBuilder("<ul class=\"legend\">");
    for (int k = 0; k < levels.size(); k++) {
      int level = k;
      curves.add(new Curve(k, false, points(m -> Optional.of(m.total()), level, count)));
      List<Point> control = points(m -> m.control().map(Control::total), level, count);
      if (!control.isEmpty()) {
        curves.add(new Curve(k, true, control));
      }
      legend.append(
          "<li><span class=\"swatch\" style=\"background:var(--stage%d)\"></span>%s = %s</li>"
              .formatted(k % CurveChart.COLORS, letter, CurveSection.number(levels.get(k))));
    }
    if (curves.isEmpty()) {
      return;
    }
    if (lines.stream().anyMatch(m -> m.control().isPresent())) {
      legend.append("<li><span class=\"dashes\"></span>control</li>");
    }
    double last =
        curves.stream().mapToDouble(c -> c.points().get(c.points().size() - 1).x()).max().orElse(0);
    figure(
        title,
        legend.append("</ul>").toString(),
        CurveChart.draw(
            curves,
            new Curves.Range(0, Math.ceil(last)),
            v -> CurveSection.number(100 * v),
            id(),
            title));
  }

  private List<Point> points(
      Function<SheddingMeasurement, Optional<ShedCounts>> counts,
      int level,
      BiFunction<ShedCounts, Integer, Long> count) {
    List<Point> points = new ArrayList<>();
    for (SheddingMeasurement m : lines) {
      counts
          .apply(m)
          .ifPresent(
              c ->
                  points.add(
                      new Point(SheddingSection.epoch(m, whole), c.share(count.apply(c, level)))));
    }
    return points;
  }

  /** A column an epoch, a row a bin of all layers' histograms together, the largest on top. */
  private void histograms() throws CannotDrawException {
    int bins = MagnitudeHistogram.BINS;
    double width = (MagnitudeHistogram.HIGH - MagnitudeHistogram.LOW) / bins;
    List<String> rows = new ArrayList<>();
    for (int b = bins - 1; b >= 0; b--) {
      rows.add(CurveSection.number(Math.round(10 * (MagnitudeHistogram.LOW + b * width)) / 10.));
    }
    double[][] values = new double[bins][whole.size()];
    double most = 0;
    for (int c = 0; c < whole.size(); c++) {
      MagnitudeHistogram sum =
          whole.get(c).layers().stream()
              .map(Layer::histogram)
              .reduce(MagnitudeHistogram::plus)
              .orElseThrow();
      for (int b = 0; b < bins; b++) {
        // the root, or nothing but the peak would be seen
        double share = Math.sqrt((double) sum.bins().get(b) / Math.max(1, sum.size()));
        values[bins - 1 - b][c] = share;
        most = Math.max(most, share);
      }
    }
    String title = "log₁₀(|w| / rms₀) of live weights by epoch: the fuller, the more (root)";
    heat(title, new HeatChart.Cells(epochs(), rows, values), most == 0 ? 1 : most);
  }

  /** A column an epoch, a row a kernel: what is live and not below τ_q. */
  private void densities(int q) throws CannotDrawException {
    int kernels = whole.get(0).layers().size();
    List<String> rows = new ArrayList<>();
    double[][] values = new double[kernels][whole.size()];
    for (int k = 0; k < kernels; k++) {
      rows.add(String.valueOf(k + 1));
      for (int c = 0; c < whole.size(); c++) {
        Layer layer = whole.get(c).layers().get(k);
        values[k][c] = (double) (layer.shed().live() - layer.shed().global().get(q)) / layer.size();
      }
    }
    String title =
        "Density of each kernel, were it pruned at the magnitude of S_gmp(%s), by epoch: full is 1"
            .formatted(CurveSection.number(whole.get(0).quantiles().get(q)));
    heat(title, new HeatChart.Cells(epochs(), rows, values), 1);
  }

  private List<String> epochs() {
    return whole.stream().map(m -> String.valueOf(m.moment().epoch())).toList();
  }

  private void heat(String title, HeatChart.Cells cells, double most) throws CannotDrawException {
    figure(title, "", HeatChart.draw(cells, most, id(), title));
  }
}
