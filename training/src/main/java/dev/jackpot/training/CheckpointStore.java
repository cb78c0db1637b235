package dev.jackpot.training;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.HandOver;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.StagePoint;
import dev.jackpot.config.StagePoint.Unit;
import dev.jackpot.config.proto.Checkpoints;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.export.NativeErrors;
import dev.jackpot.training.run.EpochMetrics;
import dev.jackpot.training.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A run's checkpoints: written whole or not at all, after each epoch, every so many steps if asked,
 * and when the run is stopped. Of the running stage the last few and the best are kept, of finished
 * stages the last, and those that another stage starts from.
 */
final class CheckpointStore implements Listener {
  private static final Logger LOG = LogManager.getLogger(CheckpointStore.class);

  private static final StagePoint START = StagePoint.parse("@start");

  private final Path root;
  private final Checkpoints config;
  private final Experiment experiment;
  private final List<Stage> stages;
  private final Set<StagePoint> referred;
  private Path saved;

  CheckpointStore(Path root, Experiment experiment) {
    this.root = root;
    this.config = experiment.getCheckpoints();
    this.experiment = experiment;
    this.stages = ExperimentStages.of(experiment);
    this.referred = ExperimentStages.points(experiment);
  }

  /** Keeps the values that the experiment begins with, if a stage refers to them. */
  void started(State state) {
    if (referred.contains(START)) {
      save(START.toString(), Progress.START, prefix -> BundleWriter.write(prefix, state.values()));
    }
  }

  @Override
  public void stageStarted(Moment moment) {
    if (moment.progress().stageStep() == 0 && isReferred(moment.stage(), moment.progress())) {
      save(moment);
    }
  }

  @Override
  public void prepared(String stage, Progress progress, State state) {
    save(stage, progress, prefix -> BundleWriter.write(prefix, state.values()));
  }

  @Override
  public void stepDone(Moment moment, StepResult result) {
    int every = config.getEverySteps();
    int done = moment.progress().stepInEpoch();
    if (done < moment.stepsPerEpoch()
        && (every > 0 && done % every == 0 || isReferred(moment.stage(), moment.progress()))) {
      save(moment);
    }
  }

  @Override
  public void epochDone(Moment moment, EpochMetrics metrics) {
    save(moment);
  }

  @Override
  public void interrupted(Moment moment) {
    save(moment);
  }

  private void save(Moment moment) {
    if (!directory(moment.stage(), moment.progress()).equals(saved)) {
      refuseIfDiverged(moment);
      save(moment.stage(), moment.progress(), moment.graph()::save);
    }
  }

  private void save(String stage, Progress progress, Consumer<Path> variables) {
    Path target = directory(stage, progress);
    try {
      AtomicFiles.writeDirectory(
          target, d -> Checkpoint.write(d, stage, progress, variables, experiment));
    } catch (RuntimeException e) {
      throw NativeErrors.explained(e, "cannot write checkpoint " + target);
    }
    saved = target;
    LOG.debug("checkpoint {}", target);
    dropOld(progress.stage());
  }

  private Path directory(String stage, Progress p) {
    return root.resolve(
        "%02d-%s-epoch%04d-step%08d"
            .formatted(p.stage(), RunDirectory.fileName(stage), p.epoch(), p.step()));
  }

  /** Whether a stage of the experiment starts from there. */
  private boolean isReferred(String stage, Progress p) {
    return stage.equals(START.toString())
        || p.begun() && referred.contains(new StagePoint(stage, Unit.STEP, p.stageStep()))
        || p.begun()
            && p.stepInEpoch() == 0
            && referred.contains(new StagePoint(stage, Unit.EPOCH, p.epoch()));
  }

  /**
   * The checkpoint of a point that the experiment refers to.
   *
   * @throws JackpotException if it is not there any more, or damaged
   */
  Checkpoint at(StagePoint point) {
    String stage = point.equals(START) ? point.toString() : point.stage();
    List<Checkpoint> found =
        described().stream()
            .filter(c -> c.stage().equals(stage) && isAt(point, c.progress()))
            .toList();
    if (found.isEmpty()) {
      throw new JackpotException(
          "%s: the checkpoint of \"%s\", which a stage starts from, is not there any more"
              .formatted(root, point));
    }
    return Checkpoint.open(found.get(found.size() - 1).directory());
  }

  private static boolean isAt(StagePoint point, Progress p) {
    return switch (point.unit()) {
      case START, END -> true;
      case EPOCH -> p.begun() && p.stepInEpoch() == 0 && p.epoch() == point.at();
      case STEP -> p.begun() && p.stageStep() == point.at();
    };
  }

  /** A loss is computed before a step's update: what the update left may be worse. */
  private void refuseIfDiverged(Moment moment) {
    moment
        .graph()
        .firstNonFinite()
        .ifPresent(
            variable -> {
              throw new JackpotException(
                  "stage %s diverged: %s holds a value that is not a finite number after step %d (learning rate %s); last good checkpoint: %s"
                      .formatted(
                          moment.stage(),
                          variable,
                          moment.progress().step(),
                          moment.learningRate(),
                          lastPath().map(Path::toString).orElse("none yet")));
            });
  }

  private void dropOld(int stage) {
    List<Checkpoint> all = described();
    List<Checkpoint> current = all.stream().filter(c -> c.progress().stage() == stage).toList();
    Set<Path> keep = new HashSet<>();
    current
        .subList(Math.max(0, current.size() - Math.max(1, config.getKeepLast())), current.size())
        .forEach(c -> keep.add(c.directory()));
    if (config.getKeepBest()) {
      best(current).ifPresent(c -> keep.add(c.directory()));
    }
    for (Checkpoint c : current) {
      if (!keep.contains(c.directory()) && !isReferred(c.stage(), c.progress())) {
        AtomicFiles.delete(c.directory());
      }
    }
  }

  /** After a stage only its last checkpoint, its best and those referred to are of use. */
  @Override
  public void stageDone(Moment moment) {
    List<Checkpoint> current =
        described().stream()
            .filter(c -> c.progress().stage() == moment.progress().stage())
            .toList();
    Optional<Checkpoint> best = config.getKeepBest() ? best(current) : Optional.empty();
    for (Checkpoint c : current.subList(0, Math.max(0, current.size() - 1))) {
      if (!isReferred(c.stage(), c.progress())
          && (best.isEmpty() || !best.get().directory().equals(c.directory()))) {
        AtomicFiles.delete(c.directory());
      }
    }
  }

  /**
   * Of those that were evaluated. An epoch with ghosts is not measured on the network that is
   * delivered.
   */
  private Optional<Checkpoint> best(List<Checkpoint> checkpoints) {
    return checkpoints.stream()
        .filter(c -> c.progress().stepInEpoch() == 0 && c.progress().accuracy() >= 0)
        .filter(
            c ->
                !HandOver.at(stages.get(c.progress().stage()), c.progress().epoch() - 1)
                    .hasGhosts())
        .max(Comparator.comparingDouble(c -> c.progress().accuracy()));
  }

  /** Where the newest one lies. */
  Optional<Path> lastPath() {
    List<Checkpoint> all = described();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1).directory());
  }

  /** The newest undamaged checkpoint; damaged ones are passed over with a warning. */
  Optional<Checkpoint> latest() {
    List<Path> directories = directories();
    List<Checkpoint> good = new ArrayList<>();
    for (Path directory : directories) {
      try {
        good.add(Checkpoint.describe(directory));
      } catch (JackpotException e) {
        LOG.warn("{}; an earlier checkpoint is used", e.getMessage());
      }
    }
    good.sort(ORDER);
    for (int i = good.size() - 1; i >= 0; i--) {
      try {
        return Optional.of(Checkpoint.open(good.get(i).directory()));
      } catch (JackpotException e) {
        LOG.warn("{}; an earlier checkpoint is used", e.getMessage());
      }
    }
    return Optional.empty();
  }

  private static final Comparator<Checkpoint> ORDER =
      Comparator.comparingInt((Checkpoint c) -> c.progress().stage())
          .thenComparingInt(c -> c.progress().epoch())
          .thenComparingLong(c -> c.progress().step())
          .thenComparing(c -> c.progress().begun());

  private List<Checkpoint> described() {
    List<Checkpoint> found = new ArrayList<>();
    for (Path directory : directories()) {
      try {
        found.add(Checkpoint.describe(directory));
      } catch (JackpotException e) {
        LOG.debug("passed over", e);
      }
    }
    found.sort(ORDER);
    return found;
  }

  private List<Path> directories() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries
          .filter(d -> !d.getFileName().toString().startsWith(AtomicFiles.PREFIX))
          .filter(Checkpoint::isAt)
          .toList();
    } catch (IOException e) {
      throw AtomicFiles.failure("list", root, e);
    }
  }
}
