package dev.jackpot.training;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.Checkpoints;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.SheddingControl;
import dev.jackpot.config.proto.SparseTrain;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.RunDirectory;
import dev.jackpot.training.run.RunInUseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The unpruned network, trained as a stage trains the pruned one: the same start θ₀, rates, seed
 * and data order, but no masks. A run of its own, in a directory that is named by everything that
 * decides how it ends, so that it is made once for all stages that ask for the same.
 */
final class ControlRun {
  private static final Logger LOG = LogManager.getLogger(ControlRun.class);
  private static final long WAIT_MILLIS = 1000;

  /** How much of the hash names the directory: 64 bits. */
  private static final int NAMED = 16;

  private final ExperimentParts parts;
  private final State start;
  private final Path directory;

  private ControlRun(ExperimentParts parts, State start, Path directory) {
    this.parts = parts;
    this.start = start;
    this.directory = directory;
  }

  /**
   * Of a stage.
   *
   * @param dense θ₀: parameters without masks
   * @param run the directory of the stage's run, beside which controls lie unless the stage says
   *     otherwise
   */
  static ControlRun of(ExperimentParts parts, Stage stage, State dense, Path run) {
    Experiment experiment = experiment(parts.experiment(), stage);
    SheddingControl options = stage.getShedding().getControl();
    Path controls =
        options.hasPath()
            ? Path.of(options.getPath())
            : run.toAbsolutePath().normalize().resolveSibling("controls");
    String key =
        String.join(
            "\n",
            RunDirectory.hash(experiment),
            parts.data().fingerprint(),
            dense.sha256(),
            ExperimentService.version());
    String hash = Sha256.of(key.getBytes(StandardCharsets.UTF_8));
    return new ControlRun(
        parts.with(experiment), dense, controls.resolve(hash.substring(0, NAMED)));
  }

  /** The stage alone, without what prunes and without a control of its own. */
  private static Experiment experiment(Experiment of, Stage stage) {
    Stage.Builder unpruned = stage.toBuilder().clearFrom().clearFromMasks().clearRescale();
    if (stage.hasSparseTrain()) {
      unpruned.setSparseTrain(SparseTrain.getDefaultInstance());
    }
    unpruned.getSheddingBuilder().clearControl();
    return Experiment.newBuilder()
        .setName("control")
        .setSeed(of.getSeed())
        .setRuntime(of.getRuntime())
        .setData(of.getData())
        .setNetwork(of.getNetwork())
        .addStages(unpruned)
        .setCheckpoints(
            Checkpoints.newBuilder()
                .setKeepLast(1)
                .setKeepBest(false)
                .setEverySteps(of.getCheckpoints().getEverySteps()))
        .build();
  }

  /** Of its run. */
  Path directory() {
    return directory;
  }

  /**
   * What it has measured, as its shedding.jsonl says it. Runs it, or what is left of it; waits
   * while another process does.
   *
   * @throws RunInterruptedException if it was asked to stop; its state is saved
   */
  String lines(StopSignal stop) {
    boolean told = false;
    while (true) {
      try {
        LOG.info("control: the unpruned network, in {}", directory);
        ExperimentService.run(parts, () -> start, directory, true, List.of(new Told()), stop);
        return Files.readString(RunDirectory.open(directory).shedding());
      } catch (RunInUseException e) {
        if (!told) {
          LOG.info("control: another process runs it; waiting for {}", directory);
          told = true;
        }
        await(stop);
      } catch (IOException e) {
        throw AtomicFiles.failure("read", directory, e);
      }
    }
  }

  private static void await(StopSignal stop) {
    stop.throwIfRequested("while it waited for a control run");
    try {
      Thread.sleep(WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunInterruptedException(
          "interrupted while it waited for a control run", StopSignal.INTERRUPTED);
    }
  }

  /** Says how far it is. */
  private static final class Told implements Listener {
    @Override
    public void epochDone(Moment moment, EpochMetrics metrics) {
      LOG.info(
          "control: epoch {} of {}, accuracy {} %",
          moment.progress().epoch(), moment.epochs(), "%.2f".formatted(100 * metrics.accuracy()));
    }
  }
}
