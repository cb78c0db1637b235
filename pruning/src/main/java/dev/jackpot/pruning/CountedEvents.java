package dev.jackpot.pruning;

import dev.jackpot.config.proto.PruningSchedule;
import java.util.List;

/** A schedule whose counts depend on time alone: each event prunes by the recipe what is due. */
public final class CountedEvents implements PruningEvents {
  private final PruningTimes times;
  private final PruningCurve curve;
  private final Shrinking shrinking;
  private final long from;

  /**
   * @param schedule validated; not a cascade
   * @param from pruned units when the stage began
   */
  public CountedEvents(PruningSchedule schedule, Shrinking shrinking, long from) {
    this.times = PruningTimes.of(schedule);
    this.curve = PruningCurve.of(schedule);
    this.shrinking = shrinking;
    this.from = from;
  }

  @Override
  public List<Cut> at(long time, Found found) {
    Shrinking.Count start =
        new Shrinking.Count(from, shrinking.count(found.parameters(), found.masks()).size());
    long last = shrinking.target(start);
    long due = time >= times.end() ? last : curve.pruned(time, start, last);
    return List.of(PruningEvents.byRecipe(Kind.SCHEDULED, shrinking, due, found));
  }
}
