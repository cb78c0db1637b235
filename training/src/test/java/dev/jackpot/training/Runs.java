package dev.jackpot.training;

import dev.jackpot.config.proto.Experiment;
import dev.jackpot.training.run.Metrics;
import dev.jackpot.training.run.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Whole runs, unbroken and broken. */
final class Runs {
  private Runs() {}

  /**
   * A run that is stopped after every single step, and after every stage that only prepares.
   *
   * @return how often it was
   */
  static int stoppedEverywhere(Experiment experiment, Path directory) {
    for (int stops = 0; ; stops++) {
      StopSignal stop = new StopSignal();
      Listener stopper =
          new Listener() {
            @Override
            public void stepDone(Moment moment, StepResult result) {
              stop.request(StopSignal.INTERRUPTED);
            }

            @Override
            public void prepared(String stage, Progress progress, State state) {
              stop.request(StopSignal.INTERRUPTED);
            }
          };
      try {
        ExperimentService.run(experiment, directory, stops > 0, List.of(stopper), stop);
        return stops;
      } catch (RunInterruptedException e) {
        // and again
      }
    }
  }

  static Result run(Experiment experiment, Path directory, Listener... listeners) {
    return ExperimentService.run(
        experiment, directory, false, List.of(listeners), new StopSignal());
  }

  /**
   * A run that is stopped again and again.
   *
   * @param random after how many steps, 1 to 6
   * @return how often it was
   */
  static int broken(Experiment experiment, Path directory, Random random) {
    for (int stops = 0; ; stops++) {
      StopSignal stop = new StopSignal();
      Listener stopper = stopAfter(1 + random.nextInt(6), stop);
      try {
        ExperimentService.run(experiment, directory, stops > 0, List.of(stopper), stop);
        return stops;
      } catch (RunInterruptedException e) {
        // and again
      }
    }
  }

  static Listener stopAfter(int steps, StopSignal stop) {
    return new Listener() {
      private int seen;

      @Override
      public void stepDone(Moment moment, StepResult result) {
        if (++seen == steps) {
          stop.request(StopSignal.INTERRUPTED);
        }
      }
    };
  }

  /** Metrics without what depends on the clock. */
  static List<String> metrics(Path directory) {
    return Metrics.read(directory.resolve("metrics.jsonl")).stream()
        .map(
            m ->
                "%s %d %d %s %s %s %s %s %d"
                    .formatted(
                        m.stage(),
                        m.epoch(),
                        m.step(),
                        m.loss(),
                        m.trainAccuracy(),
                        m.accuracy(),
                        m.learningRate(),
                        m.sparsity(),
                        m.swaps()))
        .toList();
  }
}
