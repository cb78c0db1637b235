package dev.jackpot.training.report;

import dev.jackpot.training.run.SwapMeasurement.Together;
import java.util.Collection;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What some measurements of q swaps have in common.
 *
 * @param cases how many there are
 * @param predicted mean of D1
 * @param actual mean of ΔL
 * @param interaction mean of I
 * @param size mean of |I|
 * @param rising share of cases with ΔL above 0
 * @param wrong share of cases in which ΔL has another sign than D1
 * @param slope of the least-squares line of ΔL over D1; NaN where all D1 are the same
 */
record SwapStatistics(
    int cases,
    double predicted,
    double actual,
    double interaction,
    double size,
    double rising,
    double wrong,
    double slope) {

  /** Of at least one case. */
  static SwapStatistics of(Collection<Together> cases) {
    return new SwapStatistics(
        cases.size(),
        mean(cases, Together::predicted),
        mean(cases, Together::actual),
        mean(cases, Together::interaction),
        mean(cases, c -> Math.abs(c.interaction())),
        mean(cases, c -> c.actual() > 0 ? 1 : 0),
        mean(cases, c -> Math.signum(c.actual()) != Math.signum(c.predicted()) ? 1 : 0),
        slope(cases));
  }

  private static double mean(Collection<Together> cases, ToDoubleFunction<Together> value) {
    return cases.stream().mapToDouble(value).average().orElseThrow();
  }

  private static double slope(Collection<Together> cases) {
    if (cases.isEmpty()) {
      return Double.NaN;
    }
    double x = mean(cases, Together::predicted);
    double y = mean(cases, Together::actual);
    double square = mean(cases, c -> (c.predicted() - x) * (c.predicted() - x));
    return square > 0
        ? mean(cases, c -> (c.predicted() - x) * (c.actual() - y)) / square
        : Double.NaN;
  }

  /**
   * The power of q that fits best: the slope of log |I| over log q for q above 1.
   *
   * @param sizes mean |I| by q
   * @return NaN with fewer than two that are not 0
   */
  static double exponent(Map<Integer, Double> sizes) {
    return slope(
        sizes.entrySet().stream()
            .filter(e -> e.getKey() > 1 && e.getValue() > 0)
            .map(e -> new Together(e.getKey(), Math.log(e.getKey()), Math.log(e.getValue()), 0))
            .toList());
  }
}
