package dev.jackpot.cli;

import dev.jackpot.training.report.Figures;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * A stage's progress in one line of the terminal: what is done, what the message says, images per
 * second and the time that is left. The bar takes the place that the words leave.
 *
 * <pre>
 * search ━━━━━━━━━╺────── 61 %  epoch 4/6 loss 0.412 accuracy 88.1 % rate 0.05  2,345 images/s  1 min 05 s left
 * </pre>
 */
final class BarLine implements ProgressBarRenderer {
  private static final int LONGEST_BAR = 40;
  private static final int SHORTEST_BAR = 3;

  @Override
  public String render(ProgressState state, int width) {
    double share =
        state.getMax() <= 0 ? 0 : Math.min(1, (double) state.getCurrent() / state.getMax());
    String words =
        String.format(Locale.ROOT, " %3.0f %%  %s%s", 100 * share, message(state), speed(state));
    int room = width - state.getTaskName().length() - 1 - Table.width(words);
    String bar = room < SHORTEST_BAR ? "" : " " + bar(share, Math.min(LONGEST_BAR, room));
    String line = state.getTaskName() + bar + words;
    return line.length() <= width
        ? line + " ".repeat(width - line.length())
        : line.substring(0, width);
  }

  private static String message(ProgressState state) {
    return state.getExtraMessage() == null ? "" : state.getExtraMessage();
  }

  private static String speed(ProgressState state) {
    long done = state.getCurrent() - state.getStart();
    double seconds = seconds(state.getElapsedAfterStart());
    if (done <= 0 || seconds <= 0) {
      return "";
    }
    double rate = done / seconds;
    return "  %s images/s  %s left"
        .formatted(
            Figures.count(Math.round(rate)),
            Figures.duration((state.getMax() - state.getCurrent()) / rate));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static String bar(double share, int width) {
    int full = (int) Math.round(share * width);
    return "█".repeat(full) + "░".repeat(width - full);
  }
}
