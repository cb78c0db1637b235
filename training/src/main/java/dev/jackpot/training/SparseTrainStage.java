package dev.jackpot.training;

import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.proto.CascadePruning;
import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.config.proto.SparseTrain;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.Tower;
import dev.jackpot.pruning.CascadeEvents;
import dev.jackpot.pruning.CountedEvents;
import dev.jackpot.pruning.Harvest;
import dev.jackpot.pruning.PruningEvents;
import dev.jackpot.pruning.Shrinking;
import java.util.List;
import java.util.Optional;
import org.tensorflow.types.TFloat32;

/**
 * Trains under masks. Pruned weights are exactly 0: they start so, and neither gradient nor decay
 * nor momentum ever reaches them, because all three are taken of w ⊙ m. With a schedule the masks
 * shrink between steps.
 */
final class SparseTrainStage implements StageKind {
  private final SparseTrain options;
  private final Stage stage;
  private final TrainStage training;
  private final Optional<Shrinking> first;
  private final Optional<Shrinking> last;

  /**
   * @param stage whose kind this is
   */
  SparseTrainStage(SparseTrain options, Stage stage) {
    this.options = options;
    this.stage = stage;
    this.training = new TrainStage(stage.getWeightDecay());
    this.first =
        options.hasPrune() ? Optional.of(Shrinking.of(options.getPrune())) : Optional.empty();
    PruningSchedule schedule = options.getSchedule();
    this.last =
        options.hasSchedule() ? Optional.of(Shrinking.of(schedule.getTo())) : Optional.empty();
  }

  @Override
  public State begin(StageContext context, State before) {
    State state = before;
    if (options.hasFile()) {
      // in place of all masks there are: a kernel without one in the file is dense
      state =
          state
              .unmasked(context.parameters())
              .with(FileMasks.read(options.getFile(), context.network()), context.parameters());
    }
    if (first.isPresent()) {
      state = shrunk(first.get(), context, state);
    }
    if (last.isPresent()) {
      // the graph needs a mask wherever the schedule will prune
      state =
          state.with(
              last.get().unchanged(context.parameters(), state.masks(context.parameters())),
              context.parameters());
    }
    return state.applied(context.parameters());
  }

  private static State shrunk(Shrinking shrinking, StageContext context, State state) {
    return state.with(
        shrinking.masks(
            context.parameters(),
            state.values(),
            state.masks(context.parameters()),
            context.seed(),
            context.gradients().apply(state)),
        context.parameters());
  }

  @Override
  public List<Trained<TFloat32>> trained(Tower<TFloat32> tower) {
    return training.trained(tower);
  }

  @Override
  public long scheduledFrom(StageContext context, State begun) {
    return last.map(s -> s.count(context.parameters(), begun.masks(context.parameters())).pruned())
        .orElse(0L);
  }

  @Override
  public BetweenSteps between(StageContext context, long scheduledFrom, int stepsPerEpoch) {
    return last.map(shrinking -> scheduled(shrinking, context, scheduledFrom, stepsPerEpoch))
        .orElse(BetweenSteps.NOTHING);
  }

  private BetweenSteps scheduled(
      Shrinking shrinking, StageContext context, long from, int stepsPerEpoch) {
    PruningSchedule schedule = options.getSchedule();
    ScheduleLosses losses =
        new ScheduleLosses(
            schedule, shrinking.kernels(context.parameters()), context, stage.getBatchSize());
    PruningEvents events =
        schedule.hasCascade()
            ? new CascadeEvents(
                schedule, shrinking, harvest(schedule.getCascade(), losses, context), from)
            : new CountedEvents(schedule, shrinking, from);
    return new ScheduledPruning(schedule, events, losses, context, stepsPerEpoch);
  }

  private Harvest harvest(CascadePruning cascade, ScheduleLosses losses, StageContext context) {
    if (!cascade.hasSmall()) {
      double delta = cascade.getFree().getDelta();
      return new Harvest.Free(found -> losses.threshold(found, delta));
    }
    return new Harvest.Small(
        cascade.getSmall().getEpsilon(),
        kernels -> {
          State start = context.points().apply(ExperimentStages.startOf(stage));
          return Harvest.rms(kernels, start.values(), start.masks(kernels));
        });
  }
}
