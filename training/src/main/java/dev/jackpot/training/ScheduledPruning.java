package dev.jackpot.training;

import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.PruningEvents;
import dev.jackpot.pruning.PruningTimes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries out a pruning schedule: at each of its events the masks shrink as {@link PruningEvents}
 * say, newly pruned weights become 0, and so do their optimizer slots.
 */
final class ScheduledPruning implements BetweenSteps {
  private final PruningTimes times;
  private final PruningEvents events;
  private final ScheduleLosses losses;
  private final StageContext context;
  private final int stepsPerTime;

  /**
   * @param losses measured before and after each event; closed with this
   */
  ScheduledPruning(
      PruningSchedule schedule,
      PruningEvents events,
      ScheduleLosses losses,
      StageContext context,
      int stepsPerEpoch) {
    this.times = PruningTimes.of(schedule);
    this.events = events;
    this.losses = losses;
    this.context = context;
    this.stepsPerTime = schedule.getPer() == PruningSchedule.Per.EPOCH ? stepsPerEpoch : 1;
  }

  @Override
  public List<MaskChange> before(long step, StageGraph graph) {
    if (step % stepsPerTime != 0 || !times.isEvent(step / stepsPerTime)) {
      return List.of();
    }
    State all = graph.state();
    State state = all.carried(context.parameters());
    List<PruningEvents.Cut> cuts = events.at(step / stepsPerTime, found(state));
    List<MaskChange> changes = changes(cuts, state);
    Map<String, Mask> changed = new LinkedHashMap<>();
    changes.forEach(c -> changed.putAll(c.changed()));
    if (!changed.isEmpty()) {
      graph.assign(all.with(values(all, changed)).values());
    }
    return changes;
  }

  private PruningEvents.Found found(State state) {
    return new PruningEvents.Found(
        context.parameters(),
        state.values(),
        state.masks(context.parameters()),
        context.seed(),
        masks -> context.gradients().apply(under(state, masks)));
  }

  private static State under(State state, Map<String, Mask> masks) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    masks.forEach((kernel, mask) -> tensors.put(Parameter.mask(kernel), mask.toTensor()));
    return state.with(tensors);
  }

  /** What is worth telling: masks that change, and harvests that find nothing. */
  private List<MaskChange> changes(List<PruningEvents.Cut> cuts, State state) {
    List<MaskChange> changes = new ArrayList<>();
    Map<String, Mask> present = state.masks(context.parameters());
    State now = state;
    double loss = Double.NaN;
    for (PruningEvents.Cut cut : cuts) {
      Map<String, Mask> after = cut.masks().byName();
      Map<String, Mask> before = kept(present, after.keySet());
      boolean same = before.equals(after);
      if (same && cut.kind() != PruningEvents.Kind.HARVEST) {
        continue;
      }
      loss = changes.isEmpty() ? losses.of(now) : loss;
      now = under(now, after);
      present.putAll(after);
      double lossAfter = same ? loss : losses.of(now);
      changes.add(new MaskChange(cut.kind(), before, after, loss, lossAfter));
      loss = lossAfter;
    }
    return changes;
  }

  private static Map<String, Mask> kept(Map<String, Mask> masks, Collection<String> names) {
    Map<String, Mask> kept = new LinkedHashMap<>(masks);
    kept.keySet().retainAll(names);
    return kept;
  }

  /** The new masks, and weights and slots under them. */
  private Map<String, HostTensor> values(State all, Map<String, Mask> masks) {
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

  @Override
  public void close() {
    losses.close();
  }
}
