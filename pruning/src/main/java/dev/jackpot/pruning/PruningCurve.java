package dev.jackpot.pruning;

import dev.jackpot.config.proto.PruningSchedule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * How much is pruned after an event of a schedule whose counts depend on time alone
 * (docs/lottery-tickets.md). All counts are integers; u = (t − begin) / (end − begin), P₀ pruned at
 * first and P₁ in the end, of N. One class for each shape.
 */
public interface PruningCurve {
  /**
   * How much is pruned after the event of a time before the end.
   *
   * @param time of an event
   * @param start the counts that the stage began with
   * @param last P₁, at least those of the start and below the size
   */
  long pruned(long time, Shrinking.Count start, long last);

  /**
   * The one that a validated schedule has.
   *
   * @throws IllegalArgumentException for a shape that time alone does not decide
   */
  static PruningCurve of(PruningSchedule schedule) {
    PruningTimes times = PruningTimes.of(schedule);
    return switch (schedule.getShapeCase()) {
      case ONE_SHOT -> (time, start, last) -> last;
      case LINEAR -> new Linear(times);
      case CUBIC -> new Cubic(times);
      case GEOMETRIC -> new Geometric(times);
      case ITERATIVE -> new Iterative(times, schedule.getIterative().getFraction());
      default ->
          throw new IllegalArgumentException(
              schedule.getShapeCase() + " is no shape whose counts depend on time alone");
    };
  }

  /** floor(P₀ + (P₁ − P₀) u). */
  record Linear(PruningTimes times) implements PruningCurve {
    @Override
    public long pruned(long time, Shrinking.Count start, long last) {
      long first = start.pruned();
      return first + scaled(times, last - first, time - times.begin(), 1, RoundingMode.FLOOR);
    }
  }

  /** floor(P₁ − (P₁ − P₀)(1 − u)³), Zhu and Gupta 2017. */
  record Cubic(PruningTimes times) implements PruningCurve {
    @Override
    public long pruned(long time, Shrinking.Count start, long last) {
      return last
          - scaled(times, last - start.pruned(), times.end() - time, 3, RoundingMode.CEILING);
    }
  }

  /** amount · (part / (end − begin))^power, exactly, rounded. */
  private static long scaled(
      PruningTimes times, long amount, long part, int power, RoundingMode rounding) {
    BigInteger above = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(part).pow(power));
    BigInteger below = BigInteger.valueOf(times.end() - times.begin()).pow(power);
    return new BigDecimal(above).divide(new BigDecimal(below), 0, rounding).longValueExact();
  }

  /** N − ceil(K₀ (K₁ / K₀)^u), K = N − P. */
  record Geometric(PruningTimes times) implements PruningCurve {
    @Override
    public long pruned(long time, Shrinking.Count start, long last) {
      long first = start.size() - start.pruned();
      if (time == times.begin() || first == 0) {
        return start.pruned();
      }
      long least = start.size() - last;
      double u = (double) (time - times.begin()) / (times.end() - times.begin());
      double kept = first * Math.pow((double) least / first, u);
      // a power that should be whole may come out a little above it
      return start.size() - Math.max(least, (long) Math.ceil(kept * (1 - 1e-12)));
    }
  }

  /** Each event prunes floor(fraction · kept), no more than P₁ in all. */
  record Iterative(PruningTimes times, double fraction) implements PruningCurve {
    @Override
    public long pruned(long time, Shrinking.Count start, long last) {
      long pruned = start.pruned();
      for (long events = times.before(time) + 1; events > 0 && pruned < last; events--) {
        long more = Counts.pruned(fraction, start.size() - pruned);
        if (more == 0) {
          break;
        }
        pruned = Math.min(last, pruned + more);
      }
      return pruned;
    }
  }
}
