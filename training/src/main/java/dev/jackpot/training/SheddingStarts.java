package dev.jackpot.training;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.pruning.shedding.Levels;
import dev.jackpot.pruning.shedding.Reference;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SheddingStart;
import java.nio.file.Path;

/** Notes what a stage's magnitudes will be held against, before its first step. */
final class SheddingStarts {
  private SheddingStarts() {}

  /** The file that holds it, in the directory of a stage's files. */
  static Path file(Path directory) {
    return directory.resolve("start.json");
  }

  /**
   * Of a stage that is watched; its control is run first, if it has one.
   *
   * @param dense θ₀: the parameters that the stage begins with, without masks
   * @param first the stage's first state, whose masks say what is live
   * @param stop asks the control to stop
   * @throws RunInterruptedException if the control was asked to stop; it goes on with the run
   */
  static void begin(
      ExperimentParts parts,
      RunDirectory run,
      Stage stage,
      State dense,
      State first,
      StopSignal stop) {
    Path own = run.shedding(stage.getName());
    AtomicFiles.delete(own);
    String control = "";
    if (stage.getShedding().hasControl()) {
      ControlRun made = ControlRun.of(parts, stage, dense, run.root());
      AtomicFiles.write(SheddingControls.file(own), made.lines(stop));
      control = made.directory().toString();
    }
    WatchedKernels kernels = new WatchedKernels(stage.getShedding(), parts.summary());
    Levels levels = Levels.of(stage.getShedding());
    Reference reference =
        Reference.of(kernels.in(dense), first.masks(kernels.parameters()), levels);
    new SheddingStart(levels, reference, control).write(file(own));
  }
}
