package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.StagePoint;
import dev.jackpot.config.StagePoint.Unit;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.FreeShedding;
import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.training.data.Batches;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what is wrong with an experiment's stages and cannot be seen without its data: plug-ins
 * that are not there, batches larger than the data, steps behind a stage's end, mask recipes that
 * do not fit the network. A run shall not find them days after its start.
 */
final class StageCheck {
  private StageCheck() {}

  /**
   * Checks all stages.
   *
   * @throws ConfigException with every step that lies behind its stage's end, and of every mask
   *     recipe what is wrong with it
   */
  static void check(ExperimentParts parts) {
    Experiment experiment = parts.experiment();
    Seeds seeds = new Seeds(experiment.getSeed());
    List<String> problems = new ArrayList<>();
    Map<String, Long> steps = new HashMap<>();
    RecipeCheck recipes = new RecipeCheck(parts, problems);
    for (Stage stage : ExperimentStages.firstRounds(experiment)) {
      StageKinds.REGISTRY.create(stage);
      recipes.check(stage);
      if (!ExperimentStages.hasEpochs(stage)) {
        continue;
      }
      if (stage.getSparseTrain().hasFile()) {
        FileMasks.read(stage.getSparseTrain().getFile(), parts.summary());
      }
      Optimizers.REGISTRY.create(stage.getOptimizer());
      GhostCheck.check(stage, parts.network(), parts.spec());
      LearningRates.REGISTRY.create(stage.getLearningRate());
      try (Batches batches = parts.trainingBatches(stage, seeds)) {
        long all = (long) stage.getEpochs() * batches.stepsPerEpoch();
        steps.put(ExperimentStages.withoutRound(stage.getName()), all);
        schedule(stage, all, problems);
      }
      calibration(stage, parts.data().train().size(), problems);
      shedding(stage, parts, problems);
      if (stage.hasRescale()) {
        Rescalings.check(parts, stage);
      }
    }
    for (StagePoint point : ExperimentStages.points(experiment)) {
      if (point.unit() == Unit.STEP) {
        long all = steps.get(ExperimentStages.withoutRound(point.stage()));
        if (point.at() > all) {
          problems.add(
              "found \"%s\", expected a step from 0 to the stage's %d".formatted(point, all));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static void schedule(Stage stage, long steps, List<String> problems) {
    PruningSchedule schedule = stage.getSparseTrain().getSchedule();
    if (schedule.getPer() != PruningSchedule.Per.STEP) {
      return;
    }
    String field = schedule.hasOneShot() ? "begin" : "end";
    int last = schedule.hasOneShot() ? schedule.getBegin() : schedule.getEnd();
    if (last >= steps) {
      problems.add(
          "stages.%s.sparse_train.schedule.%s: found %d, expected a step before the stage's end, %d"
              .formatted(ExperimentStages.withoutRound(stage.getName()), field, last, steps));
    }
  }

  private static void calibration(Stage stage, int images, List<String> problems) {
    PruningSchedule schedule = stage.getSparseTrain().getSchedule();
    ScheduleLosses.sample(schedule, 0, stage.getBatchSize())
        .filter(s -> (long) s.batches() * s.batchSize() > images)
        .ifPresent(
            s ->
                problems.add(
                    "stages.%s.sparse_train.schedule.%s: found %d of %d images; expected no more than the %d training images there are"
                        .formatted(
                            ExperimentStages.withoutRound(stage.getName()),
                            ScheduleLosses.harvestsForFree(schedule)
                                ? "cascade.free.batches"
                                : "loss_batches",
                            s.batches(),
                            s.batchSize(),
                            images)));
  }

  /**
   * Kernels to watch that do not exist, and more images than there are to look for free weights.
   */
  private static void shedding(Stage stage, ExperimentParts parts, List<String> problems) {
    if (!stage.hasShedding()) {
      return;
    }
    String at = "stages.%s.shedding.".formatted(ExperimentStages.withoutRound(stage.getName()));
    try {
      if (new WatchedKernels(stage.getShedding(), parts.summary()).parameters().isEmpty()) {
        problems.add(at + "kernels: leaves no kernel to watch; expected at least one");
      }
    } catch (ConfigException e) {
      e.problems().forEach(p -> problems.add(at + p.replaceFirst("^prunable", "kernels")));
    }
    FreeShedding free = stage.getShedding().getFree();
    int images = parts.data().train().size();
    if (stage.getShedding().hasFree() && (long) free.getBatches() * free.getBatchSize() > images) {
      problems.add(
          "%sfree.batches: found %d of %d images; expected no more than the %d training images there are"
              .formatted(at, free.getBatches(), free.getBatchSize(), images));
    }
  }
}
