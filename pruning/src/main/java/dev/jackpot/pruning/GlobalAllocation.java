package dev.jackpot.pruning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One threshold over the scores of all kernels together: exactly N − floor(sparsity · N) units are
 * kept. Of equal scores at the threshold the ones in the earlier kernel, and there at the lower
 * index, are kept.
 *
 * <p>Lottery jackpots, section 2.1. The paper's code keeps int(N · (1 − p)) in binary arithmetic
 * and prunes all ties below the threshold; here the count is exact.
 */
public final class GlobalAllocation implements Allocation {
  @Override
  public Map<String, Integer> kept(Map<String, Candidates> kernels, double sparsity) {
    MaskSelection.requireNumbers(kernels);
    long size = kernels.values().stream().mapToLong(Candidates::units).sum();
    List<float[]> all = kernels.values().stream().map(Candidates::scores).toList();
    Cut cut = Cut.of(all, Counts.kept(sparsity, size));
    Map<String, Integer> kept = new LinkedHashMap<>();
    long ties = cut.ties();
    for (Map.Entry<String, Candidates> kernel : kernels.entrySet()) {
      int above = 0;
      int equal = 0;
      for (float score : kernel.getValue().scores()) {
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
