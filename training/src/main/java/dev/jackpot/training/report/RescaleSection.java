package dev.jackpot.training.report;

import dev.jackpot.training.run.RescaleRecord;
import dev.jackpot.training.run.RescaleRecord.Factor;
import dev.jackpot.training.run.Result;
import java.util.List;
import java.util.Locale;

/** By what the stages multiplied their parameters. */
final class RescaleSection {
  private RescaleSection() {}

  static void write(Html html, Result result) {
    result.rescaled().forEach((stage, record) -> write(html, stage, record));
  }

  private static void write(Html html, String stage, RescaleRecord record) {
    html.section("Rescaled before " + stage);
    html.element("p class=\"caption\"", caption(record));
    List<Factor> moved = record.factors().stream().filter(f -> f.alpha() != 1).toList();
    if (!moved.isEmpty()) {
      html.openTable(List.of("Tensor", "Factor"));
      moved.forEach(f -> html.row(f.name(), List.of(number(f.alpha()))));
      html.closeTable();
    }
    html.raw("</section>");
  }

  private static String caption(RescaleRecord record) {
    String all =
        record.factors().stream().allMatch(f -> f.alpha() == 1)
            ? "No tensor was rescaled (rule %s).".formatted(record.rule())
            : "Each tensor of the parameters was multiplied by a factor (rule %s); tensors that are not listed, by 1."
                .formatted(record.rule());
    if (record.iterations() == 0) {
      return all;
    }
    return all
        + " %s iterations, %s of them to shorten the gradient: "
            .formatted(Figures.count(record.iterations()), Figures.count(record.constraintSteps()))
        + "loss after one step %s, now %s; gradient's norm %s, now %s."
            .formatted(
                number(record.objectiveBefore()),
                number(record.objectiveAfter()),
                number(record.gradientBefore()),
                number(record.gradientAfter()));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? Figures.ABSENT : String.format(Locale.ROOT, "%.4f", value);
  }
}
