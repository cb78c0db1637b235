package dev.jackpot.pruning;

import dev.jackpot.config.proto.CascadePruning;
import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.graph.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * Pruning that makes use of the weights a network sheds by itself (docs/magnitude-pruning.md;
 * Azarian and Porikli, "Cascade Weight Shedding in Deep Neural Networks", 2021, whose own procedure
 * is not published: this one is ours). Of N weights with P pruned and K = N − P left:
 *
 * <ul>
 *   <li>at begin P becomes floor(seed_fraction · N), by the recipe
 *   <li>at each interval what is ripe is harvested; if that was less than least_harvest · K, a push
 *       prunes floor(push_fraction · K) more, by the recipe; without a push_fraction K becomes
 *       ceil(K · (K₁ / K)^(1 / e)) where e events are due, this one and the end among them
 *   <li>at the end P becomes the final count P₁, by the recipe
 * </ul>
 *
 * Nothing goes beyond P₁, and once there nothing is due any more.
 */
public final class CascadeEvents implements PruningEvents {
  private final CascadePruning options;
  private final PruningTimes times;
  private final Shrinking shrinking;
  private final Harvest harvest;
  private final long from;

  /**
   * @param schedule validated; a cascade
   * @param from pruned weights when the stage began
   */
  public CascadeEvents(PruningSchedule schedule, Shrinking shrinking, Harvest harvest, long from) {
    this.options = schedule.getCascade();
    this.times = PruningTimes.of(schedule);
    this.shrinking = shrinking;
    this.harvest = harvest;
    this.from = from;
  }

  @Override
  public List<Cut> at(long time, Found found) {
    Shrinking.Count now = shrinking.count(found.parameters(), found.masks());
    long last = shrinking.target(new Shrinking.Count(from, now.size()));
    if (now.pruned() >= last) {
      return List.of();
    }
    if (time >= times.end()) {
      return List.of(PruningEvents.byRecipe(Kind.FINAL, shrinking, last, found));
    }
    if (time == times.begin()) {
      long seed = Math.min(last, Counts.pruned(options.getSeedFraction(), now.size()));
      return seed <= now.pruned()
          ? List.of()
          : List.of(PruningEvents.byRecipe(Kind.SEED, shrinking, seed, found));
    }
    return between(time, now, last, found);
  }

  private List<Cut> between(long time, Shrinking.Count now, long last, Found found) {
    long live = now.size() - now.pruned();
    List<Parameter> kernels = shrinking.kernels(found.parameters());
    Harvest.Ripe ripe = harvest.of(kernels, found);
    long harvested = Math.min(ripe.count(), last - now.pruned());
    Masks before = shrinking.unchanged(found.parameters(), found.masks());
    Masks after = Survivors.best(kernels, ripe.scores(), before, live - harvested);
    List<Cut> cuts = new ArrayList<>();
    cuts.add(new Cut(Kind.HARVEST, after));
    long pruned = now.pruned() + harvested;
    if (harvested < options.getLeastHarvest() * live && pruned < last) {
      long more = pushed(time, now.size() - pruned, now.size() - last);
      Found left = found.under(after.byName());
      cuts.add(PruningEvents.byRecipe(Kind.PUSH, shrinking, Math.min(last, pruned + more), left));
    }
    return cuts;
  }

  /**
   * How much a push prunes.
   *
   * @param left K, weights that are left
   * @param end K₁, weights that are left in the end; below K
   */
  private long pushed(long time, long left, long end) {
    if (options.hasPushFraction()) {
      return Counts.pruned(options.getPushFraction(), left);
    }
    double factor = Math.pow((double) end / left, 1. / (times.after(time) + 1));
    // a power that should be whole may come out a little above it
    return left - Math.max(end, (long) Math.ceil(left * factor * (1 - 1e-12)));
  }
}
