package dev.jackpot.config;

import dev.jackpot.config.proto.Experiment;
import java.util.List;

/**
 * One experiment of a sweep.
 *
 * @param choices a name an axis, in the order of the axes
 * @param seed of the experiment
 * @param sets what of the base it overrides, in order
 * @param experiment resolved
 */
public record SweepCell(List<String> choices, long seed, List<String> sets, Experiment experiment) {
  public SweepCell {
    choices = List.copyOf(choices);
    sets = List.copyOf(sets);
  }

  /** Its run's directory below the sweep's cells: {@code erk/90/soft/seed-1}. */
  public String path() {
    return path(choices, seed);
  }

  static String path(List<String> choices, long seed) {
    return String.join("/", choices) + (choices.isEmpty() ? "" : "/") + "seed-" + seed;
  }
}
