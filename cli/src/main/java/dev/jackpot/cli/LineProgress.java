package dev.jackpot.cli;

import dev.jackpot.training.Listener;
import dev.jackpot.training.Moment;
import dev.jackpot.training.StepResult;
import dev.jackpot.training.run.EpochMetrics;
import java.util.function.LongSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Progress where nobody watches: a log line an epoch, and one a minute in epochs that take long.
 */
final class LineProgress implements Listener {
  private static final Logger LOG = LogManager.getLogger(LineProgress.class);
  private static final long MINUTE_NANOS = 60_000_000_000L;

  private final LongSupplier nanos;
  private long last;

  LineProgress() {
    this(System::nanoTime);
  }

  LineProgress(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public void stageStarted(Moment moment) {
    last = nanos.getAsLong();
    LOG.info(
        "stage {}: {} epochs of {} steps", moment.stage(), moment.epochs(), moment.stepsPerEpoch());
  }

  @Override
  public void stepDone(Moment moment, StepResult result) {
    long now = nanos.getAsLong();
    if (now - last >= MINUTE_NANOS) {
      last = now;
      LOG.info(
          "{} {} step {}/{}",
          moment.stage(),
          EpochLine.status(moment),
          moment.progress().stepInEpoch(),
          moment.stepsPerEpoch());
    }
  }

  @Override
  public void epochDone(Moment moment, EpochMetrics metrics) {
    last = nanos.getAsLong();
    LOG.info(EpochLine.of(moment, metrics));
  }
}
