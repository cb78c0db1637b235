package dev.jackpot.cli;

import dev.jackpot.training.Listener;
import dev.jackpot.training.Moment;
import dev.jackpot.training.Progress;
import dev.jackpot.training.StepResult;
import dev.jackpot.training.run.EpochMetrics;
import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Progress on a terminal: a bar a stage, and above it a log line an epoch. The bar is drawn from a
 * thread of its own until the stage ends or this is closed: close it before anything else is
 * printed.
 */
final class BarProgress implements Listener, AutoCloseable {
  private static final Logger LOG = LogManager.getLogger(BarProgress.class);
  private static final int UPDATE_MILLIS = 250;

  private final TerminalLine line;
  private ProgressBar bar;

  /**
   * @param columns the terminal's width
   */
  BarProgress(PrintStream terminal, int columns) {
    this.line = new TerminalLine(terminal, columns);
  }

  @Override
  public void stepDone(Moment moment, StepResult result) {
    Progress progress = moment.progress();
    long batch = progress.tally().images() / progress.stepInEpoch();
    long steps = (long) progress.epoch() * moment.stepsPerEpoch() + progress.stepInEpoch();
    if (bar == null) {
      bar = bar(moment, (steps - 1) * batch, batch);
    }
    bar.stepTo(steps * batch);
    bar.setExtraMessage(EpochLine.status(moment));
  }

  private ProgressBar bar(Moment moment, long done, long batch) {
    return new ProgressBarBuilder()
        .setTaskName(moment.stage())
        .setInitialMax((long) moment.epochs() * moment.stepsPerEpoch() * batch)
        .startsFrom(done, Duration.ZERO)
        .setUpdateIntervalMillis(UPDATE_MILLIS)
        .setRenderer(new BarLine())
        .setConsumer(line)
        .build();
  }

  @Override
  public void epochDone(Moment moment, EpochMetrics metrics) {
    line.above(() -> LOG.info(EpochLine.of(moment, metrics)));
  }

  @Override
  public void stageDone(Moment moment) {
    end();
  }

  @Override
  public void interrupted(Moment moment) {
    end();
  }

  /** Takes the bar off the terminal and ends its drawing, also in the middle of a stage. */
  @Override
  public void close() {
    end();
  }

  private void end() {
    if (bar != null) {
      bar.close();
      bar = null;
      line.clear();
    }
  }

  /** The terminal's last line, which the bar draws over and over from a thread of its own. */
  private static final class TerminalLine implements ProgressBarConsumer {
    private final PrintStream terminal;
    private final int width;

    TerminalLine(PrintStream terminal, int columns) {
      this.terminal = terminal;
      // a full last column would wrap
      this.width = Math.max(20, columns - 1);
    }

    @Override
    public int getMaxRenderedLength() {
      return width;
    }

    @Override
    public synchronized void accept(String rendered) {
      terminal.print("\r" + rendered);
      terminal.flush();
    }

    @Override
    public synchronized void clear() {
      terminal.print("\r" + " ".repeat(width) + "\r");
      terminal.flush();
    }

    /** Clears the line, lets lines be printed, and leaves it to the next drawing to come back. */
    synchronized void above(Runnable print) {
      clear();
      print.run();
    }

    @Override
    public void close() {
      clear();
    }
  }
}
