package dev.jackpot.pruning;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;

/**
 * The largest magnitude below which all live weights can go at once, without retraining, while the
 * loss rises by no more than δ: what a network has shed by itself (docs/magnitude-pruning.md).
 *
 * <p>Candidates are the distinct magnitudes of the live weights, and ∞; a threshold τ removes every
 * live weight with |w| &lt; τ. Bisection keeps two thresholds whose loss was computed: the lower
 * one costs at most δ, the upper one more. It ends when they are neighbours. Losses need not grow
 * with τ: then there are several such pairs, and this is one of them.
 *
 * @param threshold τ, a live weight's magnitude; ∞ if all live weights can go
 * @param removed live weights below τ
 * @param live weights that are not pruned
 * @param loss with all live weights, in nats
 * @param lossAfter without those below τ: at most {@code loss + δ}
 * @param lossBeyond at the next larger candidate: above {@code loss + δ}; NaN if τ is ∞ or that
 *     loss is not a number
 * @param probes how many losses were computed
 */
public record FreeThreshold(
    float threshold,
    long removed,
    long live,
    double loss,
    double lossAfter,
    double lossBeyond,
    int probes) {

  /** A network's loss without its live weights below a threshold. */
  @FunctionalInterface
  public interface Losses {
    /**
     * @param threshold 0 leaves all weights, ∞ none
     * @return in nats; one that is not a number counts as too high
     */
    double without(float threshold);
  }

  /** Share of the live weights that can go, S_free(δ), in [0, 1]; 0 where nothing is live. */
  public double share() {
    return live == 0 ? 0 : (double) removed / live;
  }

  /**
   * Finds it.
   *
   * @param kernels whose weights may go
   * @param weights values by name, of these kernels at least
   * @param masks by kernel name; a kernel without one has all its weights
   * @param delta δ in nats, at least 0
   * @throws JackpotException if a live weight or the loss of all of them is not a finite number
   */
  public static FreeThreshold find(
      Collection<Parameter> kernels,
      Map<String, HostTensor> weights,
      Map<String, Mask> masks,
      double delta,
      Losses losses) {
    if (!(delta >= 0)) {
      throw new IllegalArgumentException("delta: found %s; expected at least 0".formatted(delta));
    }
    return find(magnitudes(kernels, weights, masks), delta, losses);
  }

  /**
   * @param sorted magnitudes of the live weights, growing
   */
  private static FreeThreshold find(float[] sorted, double delta, Losses losses) {
    double all = losses.without(0);
    if (!Double.isFinite(all)) {
      throw new JackpotException(
          "free pruning: the loss of the network as it is, is %s; expected a finite number"
              .formatted(all));
    }
    int[] starts = starts(sorted);
    int low = 0;
    int high = starts.length;
    double lossLow = all;
    double lossHigh = losses.without(Float.POSITIVE_INFINITY);
    int probes = 2;
    if (lossHigh - all <= delta) {
      return new FreeThreshold(
          Float.POSITIVE_INFINITY, sorted.length, sorted.length, all, lossHigh, Double.NaN, probes);
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      double loss = losses.without(sorted[starts[middle]]);
      probes++;
      if (loss - all <= delta) {
        low = middle;
        lossLow = loss;
      } else {
        high = middle;
        lossHigh = loss;
      }
    }
    // with nothing live any threshold but ∞ says the same
    float threshold = starts.length == 0 ? 0 : sorted[starts[low]];
    long removed = starts.length == 0 ? 0 : starts[low];
    return new FreeThreshold(threshold, removed, sorted.length, all, lossLow, lossHigh, probes);
  }

  /** Where each distinct magnitude comes first. */
  private static int[] starts(float[] sorted) {
    int[] starts = new int[sorted.length];
    int count = 0;
    for (int i = 0; i < sorted.length; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        starts[count++] = i;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  private static float[] magnitudes(
      Collection<Parameter> kernels, Map<String, HostTensor> weights, Map<String, Mask> masks) {
    long size = 0;
    for (Parameter kernel : kernels) {
      Mask mask = masks.get(kernel.name());
      size += mask == null ? kernel.size() : mask.kept();
    }
    float[] live = new float[Math.toIntExact(size)];
    int n = 0;
    for (Parameter kernel : kernels) {
      Mask mask = masks.get(kernel.name());
      float[] values = weights.get(kernel.name()).values();
      for (int i = 0; i < values.length; i++) {
        if (mask == null || mask.kept(i)) {
          if (!Float.isFinite(values[i])) {
            throw new JackpotException(
                "free pruning: kernel %s: weight %d of %d is %s; expected a finite number"
                    .formatted(kernel.name(), i, values.length, values[i]));
          }
          live[n++] = Math.abs(values[i]);
        }
      }
    }
    Arrays.sort(live);
    return live;
  }
}
