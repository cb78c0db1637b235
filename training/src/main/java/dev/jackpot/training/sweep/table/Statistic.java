package dev.jackpot.training.sweep.table;

/**
 * Mean and spread of some numbers.
 *
 * @param count how many there are
 * @param mean NaN if there are none
 * @param deviation the sample standard deviation (n − 1); NaN of fewer than two
 */
public record Statistic(int count, double mean, double deviation) {
  /** Of these numbers. */
  public static Statistic of(double... values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    double mean = values.length == 0 ? Double.NaN : sum / values.length;
    double squares = 0;
    for (double v : values) {
      squares += (v - mean) * (v - mean);
    }
    double deviation = values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1));
    return new Statistic(values.length, mean, deviation);
  }
}
