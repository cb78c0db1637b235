package dev.jackpot.training.report;

import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.EvaluationSplit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/** The curves of a run: accuracy, loss, rate, swaps, each over the epochs of all stages. */
final class CurveSection {
  private static final MathContext TICK = new MathContext(4, RoundingMode.HALF_EVEN);

  private CurveSection() {}

  private record Figure(String title, DoubleFunction<String> label, List<Curve> curves) {}

  static void write(Html html, List<EpochMetrics> metrics) {
    if (metrics.isEmpty()) {
      return;
    }
    Curves curves = new Curves(metrics);
    html.section("Curves");
    legend(html, curves);
    try {
      List<String> drawn = new ArrayList<>();
      for (Figure figure : figures(curves, metrics.get(0).split())) {
        String id = "curve" + drawn.size();
        String svg =
            CurveChart.draw(figure.curves(), curves.range(), figure.label(), id, figure.title());
        drawn.add(
            "<figure><figcaption>%s</figcaption>%s</figure>"
                .formatted(Html.escape(figure.title()), svg));
      }
      html.raw("<div class=\"figures\">");
      drawn.forEach(html::raw);
      html.raw("</div>");
    } catch (CurveChart.CannotDrawException e) {
      html.element("p class=\"note\"", cannotDraw(e, "metrics.jsonl"));
    }
    html.raw("</section>");
  }

  /** What stands in the place of charts. */
  static String cannotDraw(CurveChart.CannotDrawException e, String numbers) {
    return "The curves could not be drawn: Java needs a font and its fontconfig on this machine (%s). "
            .formatted(e.getMessage())
        + "jackpot report, run where it has them, adds them; the numbers are in %s."
            .formatted(numbers);
  }

  private static List<Figure> figures(Curves curves, EvaluationSplit split) {
    List<Curve> accuracy =
        Stream.concat(
                curves.of(EpochMetrics::trainAccuracy, true).stream(),
                curves.of(EpochMetrics::accuracy, false).stream())
            .toList();
    return Stream.of(
            new Figure(
                Tables.heading(split.accuracy()) + " by epoch, in %",
                v -> number(100 * v),
                accuracy),
            new Figure(
                "Training loss by epoch",
                CurveSection::number,
                curves.of(EpochMetrics::loss, false)),
            new Figure(
                "Learning rate by epoch",
                CurveSection::number,
                curves.of(EpochMetrics::learningRate, false)),
            new Figure("Swaps in the masks by epoch", CurveSection::number, swaps(curves)))
        .filter(f -> !f.curves().isEmpty())
        .toList();
  }

  /** Only of stages that swap anything: the others do not search. */
  private static List<Curve> swaps(Curves curves) {
    return curves.of(m -> (double) m.swaps(), false).stream()
        .filter(c -> c.points().stream().anyMatch(p -> p.y() > 0))
        .toList();
  }

  private static void legend(Html html, Curves curves) {
    html.raw("<ul class=\"legend\">");
    List<String> stages = curves.stages();
    for (int i = 0; i < stages.size(); i++) {
      html.raw(
          "<li><span class=\"swatch\" style=\"background:var(--stage%d)\"></span>%s</li>"
              .formatted(i % CurveChart.COLORS, Html.escape(stages.get(i))));
    }
    if (!curves.of(EpochMetrics::trainAccuracy, true).isEmpty()) {
      html.raw("<li><span class=\"dashes\"></span>on training images</li>");
    }
    html.raw("</ul>");
  }

  /** A tick's number: four significant digits at most, as few as it needs. */
  static String number(double value) {
    double magnitude = Math.abs(value);
    String text;
    if (magnitude >= 1e6) {
      text = Figures.magnitude(magnitude).replaceFirst("\\.?0+ ", " ");
    } else if (magnitude >= 1000) {
      text = Figures.count(Math.round(magnitude));
    } else if (magnitude != 0 && magnitude < 1e-4) {
      text = String.format(Locale.ROOT, "%.0e", magnitude).replaceFirst("e-0*", "e−");
    } else {
      text = new BigDecimal(magnitude).round(TICK).stripTrailingZeros().toPlainString();
    }
    return value < 0 ? "−" + text : text;
  }
}
