package dev.jackpot.training;

import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.FreeHarvest;
import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.FreeThreshold;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.pruning.PruningEvents;
import java.util.List;
import java.util.Optional;

/**
 * Losses on calibration images around the events of a pruning schedule, and what those images say
 * is free. The network is opened when it is first asked for.
 */
final class ScheduleLosses implements AutoCloseable {
  private final List<Parameter> kernels;
  private final StageContext context;
  private final Optional<Sample> sample;
  private FreePruning network;

  /**
   * @param kernels that may be pruned; all of them have masks when losses are asked for
   * @param stageBatch images in the stage's steps
   */
  ScheduleLosses(
      PruningSchedule schedule, List<Parameter> kernels, StageContext context, int stageBatch) {
    this.kernels = kernels;
    this.context = context;
    this.sample = sample(schedule, new Seeds(context.seed()).of("calibration"), stageBatch);
  }

  /** The calibration images; none if neither the shape nor loss_batches asks for some. */
  static Optional<Sample> sample(PruningSchedule schedule, long seed, int stageBatch) {
    if (harvestsForFree(schedule)) {
      FreeHarvest free = schedule.getCascade().getFree();
      return Optional.of(
          new Sample(
              free.getBatches(),
              free.hasBatchSize() ? free.getBatchSize() : stageBatch,
              free.hasSeed() ? free.getSeed() : seed,
              1));
    }
    return schedule.getLossBatches() > 0
        ? Optional.of(new Sample(schedule.getLossBatches(), stageBatch, seed, 1))
        : Optional.empty();
  }

  /** Whether the schedule is a cascade that harvests what is free: the one it is by default. */
  static boolean harvestsForFree(PruningSchedule schedule) {
    return schedule.hasCascade() && !schedule.getCascade().hasSmall();
  }

  /** Mean loss of a state in nats; NaN if it is not measured. */
  double of(State state) {
    if (sample.isEmpty()) {
      return Double.NaN;
    }
    FreePruning opened = opened(state);
    opened.assign(state);
    return opened.loss(0);
  }

  /** What can go for nothing. */
  FreeThreshold threshold(PruningEvents.Found found, double delta) {
    State state = new State(found.weights());
    return opened(state).find(state, delta);
  }

  private FreePruning opened(State state) {
    if (network == null) {
      network =
          context
              .calibration()
              .open(kernels, state.masks(context.parameters()).keySet(), sample.orElseThrow());
    }
    return network;
  }

  @Override
  public void close() {
    if (network != null) {
      network.close();
    }
  }
}
