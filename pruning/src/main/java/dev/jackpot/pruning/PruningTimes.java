package dev.jackpot.pruning;

import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.config.proto.PruningSchedule.ShapeCase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * When a pruning schedule prunes, and how much is pruned then (docs/lottery-tickets.md). All counts
 * are integers; with u = (t − begin) / (end − begin), P₀ pruned at first and P₁ in the end, of N:
 *
 * <ul>
 *   <li>one_shot: P₁ at begin
 *   <li>linear: floor(P₀ + (P₁ − P₀) u)
 *   <li>cubic: floor(P₁ − (P₁ − P₀)(1 − u)³), Zhu and Gupta 2017
 *   <li>geometric: N − ceil(K₀ (K₁ / K₀)^u), K = N − P
 *   <li>iterative: each event prunes floor(fraction · kept), no more than P₁ in all
 * </ul>
 */
public final class PruningTimes {
  private final PruningSchedule schedule;
  private final long begin;
  private final long end;

  private PruningTimes(PruningSchedule schedule) {
    this.schedule = schedule;
    this.begin = schedule.getBegin();
    this.end = schedule.hasOneShot() ? begin : schedule.getEnd();
  }

  /** Those of a validated schedule. */
  public static PruningTimes of(PruningSchedule schedule) {
    return new PruningTimes(schedule);
  }

  /** Time of the last event. */
  public long end() {
    return end;
  }

  /** Whether something may be pruned at that time: each interval from begin, and at the end. */
  public boolean isEvent(long time) {
    return time == end
        || time >= begin && time < end && (time - begin) % schedule.getInterval() == 0;
  }

  /**
   * How much is pruned after the event of a time.
   *
   * @param time of an event
   * @param start the counts that the stage began with
   * @param last pruned in the end, at least those of the start and below the size
   */
  public long pruned(long time, Shrinking.Count start, long last) {
    if (time >= end || schedule.getShapeCase() == ShapeCase.ONE_SHOT) {
      return last;
    }
    long first = start.pruned();
    return switch (schedule.getShapeCase()) {
      case LINEAR -> first + scaled(last - first, time - begin, 1, RoundingMode.FLOOR);
      case CUBIC -> last - scaled(last - first, end - time, 3, RoundingMode.CEILING);
      case GEOMETRIC -> geometric(time, start.size() - first, start.size() - last, start.size());
      case ITERATIVE -> iterative((time - begin) / schedule.getInterval() + 1, start, last);
      default -> throw new IllegalArgumentException("no shape is chosen");
    };
  }

  /** amount · (part / (end − begin))^power, exactly, rounded. */
  private long scaled(long amount, long part, int power, RoundingMode rounding) {
    BigInteger above = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(part).pow(power));
    BigInteger below = BigInteger.valueOf(end - begin).pow(power);
    return new BigDecimal(above).divide(new BigDecimal(below), 0, rounding).longValueExact();
  }

  private long geometric(long time, long keptFirst, long keptLast, long size) {
    if (time == begin || keptFirst == 0) {
      return size - keptFirst;
    }
    double u = (double) (time - begin) / (end - begin);
    double kept = keptFirst * Math.pow((double) keptLast / keptFirst, u);
    // a power that should be whole may come out a little above it
    return size - Math.max(keptLast, (long) Math.ceil(kept * (1 - 1e-12)));
  }

  private long iterative(long events, Shrinking.Count start, long last) {
    double fraction = schedule.getIterative().getFraction();
    long pruned = start.pruned();
    for (long i = 0; i < events && pruned < last; i++) {
      long more = Counts.pruned(fraction, start.size() - pruned);
      if (more == 0) {
        break;
      }
      pruned = Math.min(last, pruned + more);
    }
    return pruned;
  }
}
