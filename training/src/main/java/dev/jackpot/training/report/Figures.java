package dev.jackpot.training.report;

import java.util.Locale;

/**
 * How numbers are written for people, in reports and tables; the same in every locale. A NaN is a
 * dash.
 */
public final class Figures {
  /** Stands for a value that was not measured. */
  public static final String ABSENT = "–";

  private static final double KILO = 1000;
  private static final int MINUTE = 60;
  private static final int HOUR = 3600;

  private Figures() {}

  /** A share in [0, 1] as a percentage with two decimals: {@code 91.64 %}. */
  public static String percent(double share) {
    return Double.isNaN(share) ? ABSENT : format("%.2f %%", 100 * share);
  }

  /** A difference of two shares in percentage points, signed: {@code +5.20}. */
  public static String points(double difference) {
    if (Double.isNaN(difference)) {
      return ABSENT;
    }
    String text = format("%+.2f", 100 * difference);
    return text.substring(1).equals("0.00") ? "±0.00" : text.replace('-', '−');
  }

  /**
   * A change of a loss with three significant digits, signed: {@code −0.0123}, {@code +1.23e−5}.
   */
  public static String change(double value) {
    if (!Double.isFinite(value)) {
      return ABSENT;
    }
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    String text =
        size < 1e-3 || size >= 100
            ? format("%.2e", size).replaceFirst("e-0*", "e−").replaceFirst("e\\+0*", "e")
            : format("%." + (int) (2 - Math.floor(Math.log10(size))) + "f", size);
    return (value < 0 ? "−" : "+") + text;
  }

  /** A count with its digits in groups of three: {@code 1,234,567}. */
  public static String count(long value) {
    return format("%,d", value);
  }

  /** A large count with three significant digits: {@code 40.8 M}. Below 10,000 all digits. */
  public static String magnitude(double value) {
    return value < 10 * KILO ? count(Math.round(value)) : scaled(value, " k", " M", " G", " T");
  }

  /** Bytes in decimal units with three significant digits: {@code 1.08 MB}. */
  public static String bytes(long value) {
    return value < KILO ? value + " B" : scaled(value, " kB", " MB", " GB", " TB");
  }

  /** A duration with two units: {@code 2 min 05 s}. */
  public static String duration(double seconds) {
    if (Double.isNaN(seconds)) {
      return ABSENT;
    }
    if (seconds < 10) {
      return format("%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < MINUTE) {
      return whole + " s";
    }
    return whole < HOUR
        ? format("%d min %02d s", whole / MINUTE, whole % MINUTE)
        : format("%d h %02d min", whole / HOUR, whole % HOUR / MINUTE);
  }

  private static String scaled(double value, String... units) {
    double scaled = value / KILO;
    int unit = 0;
    // 999.5 would be written as 1000: the next unit is due.
    while (scaled >= KILO - 0.5 && unit < units.length - 1) {
      scaled /= KILO;
      unit++;
    }
    return format(scaled < 9.995 ? "%.2f" : scaled < 99.95 ? "%.1f" : "%.0f", scaled) + units[unit];
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
