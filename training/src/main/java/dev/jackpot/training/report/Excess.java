package dev.jackpot.training.report;

import dev.jackpot.pruning.shedding.ShedCounts;
import dev.jackpot.training.run.SheddingMeasurement;
import java.util.function.Function;

/**
 * What a stage has shed in excess of its control, as a share of its live weights
 * (docs/shedding.md).
 *
 * @param first the stage's first measurement
 * @param count which weights count as shed
 * @param moved whether only what has changed since the stage's start counts: magnitude pruning
 *     takes the weights below τ_q first, so that S_gmp begins below the control's although nothing
 *     was shed
 */
record Excess(SheddingMeasurement first, Function<ShedCounts, Long> count, boolean moved) {
  /** Of S_gmp: (S(t) − S(0)) − (S of the control(t) − S of the control(0)). */
  static Excess global(SheddingMeasurement first, Function<ShedCounts, Long> count) {
    return new Excess(first, count, true);
  }

  /** Of S_rel: S(t) − S of the control(t). */
  static Excess relative(SheddingMeasurement first, Function<ShedCounts, Long> count) {
    return new Excess(first, count, false);
  }

  /**
   * After a measurement; without a control what it is more than at the start. NaN where the control
   * was not measured at the start and that is needed.
   */
  double at(SheddingMeasurement now) {
    double share = share(now.total());
    double start = share(first.total());
    if (now.control().isEmpty()) {
      return share - start;
    }
    double beside = share - share(now.control().get().total());
    if (!moved) {
      return beside;
    }
    return first.control().map(c -> beside - (start - share(c.total()))).orElse(Double.NaN);
  }

  /** Excess in weights for each pruned weight; NaN where none is pruned or without a control. */
  double amplification(SheddingMeasurement now) {
    return now.pruned() == 0 || now.control().isEmpty()
        ? Double.NaN
        : at(now) * now.total().live() / now.pruned();
  }

  private double share(ShedCounts counts) {
    return counts.share(count.apply(counts));
  }
}
