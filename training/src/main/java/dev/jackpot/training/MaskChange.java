package dev.jackpot.training;

import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.PruningEvents;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Masks that have shrunk between two steps.
 *
 * @param kind why
 * @param before by kernel name, of the kernels that may be pruned
 * @param after of the same kernels
 * @param lossBefore on the calibration images, in nats; NaN if it is not measured
 * @param lossAfter the same with the masks after; nothing retrained
 */
public record MaskChange(
    PruningEvents.Kind kind,
    Map<String, Mask> before,
    Map<String, Mask> after,
    double lossBefore,
    double lossAfter) {

  /** Whether masks are others than before: a harvest may find nothing. */
  public boolean isChange() {
    return !before.equals(after);
  }

  /** The masks that are others than before, by kernel name. */
  Map<String, Mask> changed() {
    Map<String, Mask> changed = new LinkedHashMap<>(after);
    changed.entrySet().removeAll(before.entrySet());
    return changed;
  }
}
