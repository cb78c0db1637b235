package dev.jackpot.training;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.shedding.Levels;
import dev.jackpot.pruning.shedding.Reference;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.SheddingStart;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Notes what a stage's magnitudes will be held against, before its first step. */
final class SheddingStarts {
  private static final Logger LOG = LogManager.getLogger(SheddingStarts.class);

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
      warnOfHoles(parts, stage, dense, first);
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

  /** After a stage that trained under masks θ₀ is 0 where they prune: no dense network is left. */
  private static void warnOfHoles(ExperimentParts parts, Stage stage, State dense, State first) {
    long pruned = 0;
    long zeros = 0;
    for (Parameter kernel : parts.summary().kernels()) {
      Optional<Mask> mask = first.mask(kernel);
      if (mask.isPresent()) {
        float[] values = dense.get(kernel.name()).values();
        for (int i = 0; i < values.length; i++) {
          if (!mask.get().kept(i)) {
            pruned++;
            zeros += values[i] == 0 ? 1 : 0;
          }
        }
      }
    }
    if (zeros > 0) {
      LOG.warn(
          "stages.{}.shedding.control: of the {} weights that the masks prune {} are already 0 in"
              + " the values that the stage begins with, and so in its control, which is no"
              + " unpruned network. Give the stage values from before the pruning: from:"
              + " \"NAME@epoch N\" of a dense stage with from_masks: PRESENT",
          stage.getName(),
          pruned,
          zeros);
    }
  }
}
