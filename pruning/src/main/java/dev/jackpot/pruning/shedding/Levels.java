package dev.jackpot.pruning.shedding;

import dev.jackpot.config.proto.Shedding;
import java.util.List;

/**
 * Below which magnitudes a weight counts as shed.
 *
 * @param relative ε of S_rel, falling
 * @param quantiles q of S_gmp, growing
 */
public record Levels(List<Double> relative, List<Double> quantiles) {
  private static final List<Double> RELATIVE = List.of(0.1, 0.01, 0.001);
  private static final List<Double> QUANTILES = List.of(0.5, 0.8, 0.9);

  public Levels {
    relative = List.copyOf(relative);
    quantiles = List.copyOf(quantiles);
  }

  /** Those of the options, or the usual ones. */
  public static Levels of(Shedding options) {
    return new Levels(
        options.getRelativeCount() == 0 ? RELATIVE : options.getRelativeList(),
        options.getQuantilesCount() == 0 ? QUANTILES : options.getQuantilesList());
  }
}
