package dev.jackpot.pruning.shedding;

import dev.jackpot.pruning.Mask;
import java.util.ArrayList;
import java.util.List;

/**
 * How many live weights have which log₁₀(|w| / rms₀).
 *
 * @param below −6; zeros are among them
 * @param bins 60 of equal width from −6 to 1, each without its upper end
 * @param above 1 or more
 */
public record MagnitudeHistogram(long below, List<Long> bins, long above) {
  /** Number of bins. */
  public static final int BINS = 60;

  /** Lower end of the first bin. */
  public static final double LOW = -6;

  /** Upper end of the last bin. */
  public static final double HIGH = 1;

  public MagnitudeHistogram {
    bins = List.copyOf(bins);
    if (bins.size() != BINS) {
      throw new IllegalArgumentException("expected %d bins, found %d".formatted(BINS, bins.size()));
    }
  }

  /**
   * Of a kernel's live weights.
   *
   * @param rms rms₀; where it is 0, a weight is below (if it is 0 as well) or above
   */
  public static MagnitudeHistogram of(WatchedKernel now, double rms) {
    long below = 0;
    long above = 0;
    long[] bins = new long[BINS];
    double scale = BINS / (HIGH - LOW);
    double shift = rms > 0 ? Math.log10(rms) : -Double.MAX_VALUE;
    Mask live = now.live();
    float[] weights = now.weights();
    for (int i = 0; i < weights.length; i++) {
      if (!live.kept(i)) {
        continue;
      }
      if (weights[i] == 0) {
        below++;
        continue;
      }
      double place = (Math.log10(Math.abs(weights[i])) - shift - LOW) * scale;
      if (place < 0) {
        below++;
      } else if (place >= BINS) {
        above++;
      } else {
        bins[(int) place]++;
      }
    }
    List<Long> list = new ArrayList<>();
    for (long count : bins) {
      list.add(count);
    }
    return new MagnitudeHistogram(below, list, above);
  }

  /** Of both together. */
  public MagnitudeHistogram plus(MagnitudeHistogram other) {
    List<Long> sums = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      sums.add(bins.get(b) + other.bins.get(b));
    }
    return new MagnitudeHistogram(below + other.below, sums, above + other.above);
  }

  /** Number of weights. */
  public long size() {
    return below + above + bins.stream().mapToLong(Long::longValue).sum();
  }
}
