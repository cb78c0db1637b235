package dev.jackpot.training;

import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.PruningTimes;
import dev.jackpot.pruning.Shrinking;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Carries out a pruning schedule: at each of its events the masks shrink to the count that is due,
 * newly pruned weights become 0, and so do their optimizer slots.
 */
final class ScheduledPruning implements BetweenSteps {
  private final PruningTimes times;
  private final Shrinking shrinking;
  private final StageContext context;
  private final long from;
  private final int stepsPerTime;

  /**
   * @param from pruned units when the stage began
   */
  ScheduledPruning(
      PruningSchedule schedule,
      Shrinking shrinking,
      StageContext context,
      long from,
      int stepsPerEpoch) {
    this.times = PruningTimes.of(schedule);
    this.shrinking = shrinking;
    this.context = context;
    this.from = from;
    this.stepsPerTime = schedule.getPer() == PruningSchedule.Per.EPOCH ? stepsPerEpoch : 1;
  }

  @Override
  public boolean before(long step, StageGraph graph) {
    if (step % stepsPerTime != 0 || !times.isEvent(step / stepsPerTime)) {
      return false;
    }
    State all = graph.state();
    State state = all.carried(context.parameters());
    Map<String, Mask> present = state.masks(context.parameters());
    Shrinking.Count start =
        new Shrinking.Count(from, shrinking.count(context.parameters(), present).size());
    long due = times.pruned(step / stepsPerTime, start, shrinking.target(start));
    Map<String, Mask> shrunk =
        shrinking
            .masks(
                context.parameters(),
                state.values(),
                present,
                due,
                context.seed(),
                context.gradients().apply(state))
            .byName();
    if (shrunk.equals(kept(present, shrunk.keySet()))) {
      return false;
    }
    graph.assign(all.with(changes(all, shrunk)).values());
    return true;
  }

  private static Map<String, Mask> kept(Map<String, Mask> masks, Collection<String> names) {
    Map<String, Mask> kept = new LinkedHashMap<>(masks);
    kept.keySet().retainAll(names);
    return kept;
  }

  /** The new masks, and weights and slots under them. */
  private Map<String, HostTensor> changes(State all, Map<String, Mask> masks) {
    Map<String, HostTensor> changes = new LinkedHashMap<>();
    for (Parameter kernel : context.network().kernels()) {
      Mask mask = masks.get(kernel.name());
      if (mask == null) {
        continue;
      }
      all.values()
          .forEach(
              (name, value) -> {
                if (name.equals(kernel.name()) || name.startsWith(kernel.name() + "/")) {
                  changes.put(name, State.masked(value, mask));
                }
              });
      changes.put(kernel.mask(), mask.toTensor());
    }
    return changes;
  }
}
