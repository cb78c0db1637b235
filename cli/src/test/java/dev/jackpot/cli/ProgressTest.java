package dev.jackpot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.training.Moment;
import dev.jackpot.training.Progress;
import dev.jackpot.training.StepResult;
import dev.jackpot.training.Tally;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.EvaluationSplit;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
  private static final EpochMetrics METRICS =
      new EpochMetrics("search", 2, 20, 0.51234, 0.8, 0.8765, 0.05, 0.9, 1234, 2000.4, 3);

  /** In the third of five epochs of ten steps of 128 images. */
  private static Moment moment(int epoch, int step) {
    Tally tally = new Tally(128.0 * step * 0.5, 100L * step, 128L * step, 0, 1);
    return new Moment(
        "search",
        5,
        10,
        new Progress(
            1, epoch, step, 20, tally, 0.876, 0.88, 0.9, 0.6, 6, List.of(), true, 0, 0, false),
        0.05,
        EvaluationSplit.TEST,
        null);
  }

  @Test
  void anEpochInOneLine() {
    assertThat(EpochLine.of(moment(2, 0), METRICS))
        .isEqualTo(
            "search 2/5  loss 0.5123  accuracy 87.65 %  rate 0.05  swaps 1,234  2,000 images/s"
                + "  9.0 s left");
  }

  @Test
  void theLastEpochHasNothingLeft() {
    assertThat(EpochLine.of(moment(5, 0), METRICS)).doesNotContain("left");
  }

  /** What a stage's bar draws, line by line. */
  private static List<String> drawn(int columns) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BarProgress bar =
        new BarProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), columns);
    bar.stepDone(moment(2, 4), new StepResult(0.5, 100, 3));
    bar.stepDone(moment(2, 5), new StepResult(0.5, 100, 3));
    bar.epochDone(moment(3, 0), METRICS);
    bar.stageDone(moment(5, 0));
    String all = bytes.toString(StandardCharsets.UTF_8);
    assertThat(all).endsWith("\r");
    return List.of(all.split("[\r\n]"));
  }

  @Test
  void theBarShowsEpochLossAccuracyRateSpeedAndWhatIsLeft() {
    assertThat(drawn(140))
        .anyMatch(
            line ->
                line.matches(
                    "search [█░]+  50 %  epoch 3/5 loss 0.500 accuracy 87.6 % rate 0.05"
                        + "  [0-9,]+ images/s  .* left *"));
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 40, 60, 80, 200})
  void theBarNeverFillsTheTerminalsLastColumn(int columns) {
    assertThat(drawn(columns)).allMatch(line -> Table.width(line) < columns);
  }

  @Test
  void afterAFailureInAStageTheBarIsGone() throws InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (BarProgress bar = new BarProgress(terminal, 140)) {
      bar.stepDone(moment(2, 5), new StepResult(0.5, 100, 3));
      throw new IllegalStateException("the disk is full");
    } catch (IllegalStateException e) {
      terminal.print("jackpot: " + e.getMessage());
    }
    Thread.sleep(700); // the bar is drawn every 250 ms
    String drawn = bytes.toString(StandardCharsets.UTF_8);
    assertThat(drawn).contains("search").endsWith("\rjackpot: the disk is full");
  }

  @Test
  void longEpochsGetALineAMinute() {
    long[] now = {0};
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      LineProgress lines = new LineProgress(() -> now[0]);
      lines.stageStarted(moment(0, 0));
      lines.stepDone(moment(0, 1), new StepResult(0.5, 100, 3));
      now[0] = 61_000_000_000L;
      lines.stepDone(moment(0, 2), new StepResult(0.5, 100, 3));
      lines.stepDone(moment(0, 3), new StepResult(0.5, 100, 3));
      lines.epochDone(moment(1, 0), METRICS);
    } finally {
      System.setErr(before);
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "stage search: 5 epochs of 10 steps",
            "search epoch 1/5 loss 0.500 accuracy 87.6 % rate 0.05 step 2/10",
            EpochLine.of(moment(1, 0), METRICS));
  }
}
