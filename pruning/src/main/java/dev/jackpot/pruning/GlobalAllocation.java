package dev.jackpot.pruning;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One threshold over the scores of all kernels together: exactly N − floor(sparsity · N) weights
 * are kept. Of equal scores at the threshold the ones in the earlier kernel, and there at the lower
 * index, are kept.
 *
 * <p>Lottery jackpots, section 2.1. The paper's code keeps int(N · (1 − p)) in binary arithmetic
 * and prunes all ties below the threshold; here the count is exact.
 */
public final class GlobalAllocation implements Allocation {
  @Override
  public Map<String, Integer> kept(Map<String, float[]> scores, double sparsity) {
    MaskSelection.requireNumbers(scores);
    long size = scores.values().stream().mapToLong(s -> s.length).sum();
    Cut cut = Cut.of(scores.values(), Counts.kept(sparsity, size));
    Map<String, Integer> kept = new LinkedHashMap<>();
    long ties = cut.ties();
    for (Map.Entry<String, float[]> kernel : scores.entrySet()) {
      int above = 0;
      int equal = 0;
      for (float score : kernel.getValue()) {
        int key = Cut.key(score);
        if (key > cut.key()) {
          above++;
        } else if (key == cut.key()) {
          equal++;
        }
      }
      int taken = (int) Math.min(ties, equal);
      ties -= taken;
      kept.put(kernel.getKey(), above + taken);
    }
    return kept;
  }
}
