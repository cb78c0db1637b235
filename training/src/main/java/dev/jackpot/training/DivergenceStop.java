package dev.jackpot.training;

import dev.jackpot.config.JackpotException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Ends a run at the first step whose loss is not a finite number, before anything is saved of it.
 */
final class DivergenceStop implements Listener {
  private final Supplier<Optional<Path>> lastCheckpoint;

  DivergenceStop(Supplier<Optional<Path>> lastCheckpoint) {
    this.lastCheckpoint = lastCheckpoint;
  }

  @Override
  public void stepDone(Moment moment, StepResult result) {
    check(moment, "loss", result.loss());
  }

  @Override
  public void evaluated(Moment moment, Evaluation evaluation) {
    check(moment, "loss on the test images", evaluation.loss());
  }

  private void check(Moment moment, String what, double loss) {
    if (Double.isFinite(loss)) {
      return;
    }
    Progress progress = moment.progress();
    throw new JackpotException(
        "stage %s diverged: the %s is %s at step %d (epoch %d of %d, learning rate %s); last good checkpoint: %s"
            .formatted(
                moment.stage(),
                what,
                loss,
                progress.step(),
                progress.epoch() + 1,
                moment.epochs(),
                moment.learningRate(),
                lastCheckpoint.get().map(Path::toString).orElse("none yet")));
  }
}
