package dev.jackpot.cli;

import dev.jackpot.training.Moment;
import dev.jackpot.training.Progress;
import dev.jackpot.training.report.Figures;
import dev.jackpot.training.run.EpochMetrics;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** An epoch, or the part of it that is done, in one line. */
final class EpochLine {
  private EpochLine() {}

  /** After an epoch. */
  static String of(Moment moment, EpochMetrics metrics) {
    Progress progress = moment.progress();
    int left = moment.epochs() - progress.epoch();
    return String.format(
        Locale.ROOT,
        "%s %d/%d  loss %.4f  %s %s  rate %s%s  %s images/s%s",
        moment.stage(),
        metrics.epoch(),
        moment.epochs(),
        metrics.loss(),
        metrics.split().accuracy(),
        Figures.percent(metrics.accuracy()),
        rate(metrics.learningRate()),
        metrics.swaps() > 0 ? "  swaps " + Figures.count(metrics.swaps()) : "",
        Figures.count(Math.round(metrics.imagesPerSecond())),
        left > 0
            ? "  " + Figures.duration(progress.stageSeconds() / progress.epoch() * left) + " left"
            : "");
  }

  /** Within an epoch: what a progress bar has no words for. */
  static String status(Moment moment) {
    Progress progress = moment.progress();
    double loss = progress.tally().lossSum() / progress.tally().images();
    return String.format(
        Locale.ROOT,
        "epoch %d/%d loss %.3f %s rate %s",
        progress.epoch() + 1,
        moment.epochs(),
        loss,
        progress.accuracy() < 0
            ? moment.split().accuracy() + " –"
            : "%s %.1f %%".formatted(moment.split().accuracy(), 100 * progress.accuracy()),
        rate(moment.learningRate()));
  }

  /** Three digits that say something. */
  private static String rate(double rate) {
    return new BigDecimal(rate).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
