package dev.jackpot.training.data;

/** An image under the brush: float64 [side, side, 3] of values that are about 0 to 255. */
final class Canvas {
  /** Edge length in pixels. */
  static final int SIDE = 32;

  private static final int CHANNELS = 3;

  /**
   * Edge length of the grid of points at which a pixel is tested, so that edges come out smooth.
   */
  private static final int GRID = 3;

  /** No figure covers a point farther than this from its centre. */
  private static final double REACH = 1.5;

  private final double[] values = new double[SIDE * SIDE * CHANNELS];

  /**
   * A figure's place: its centre and rotation, and what its unit measures in pixels along and
   * across its axis.
   */
  record Placement(double x, double y, double angle, double along, double across) {}

  /** Tells whether a point of the plane belongs to a figure. */
  interface Figure {
    boolean covers(double x, double y);
  }

  /** A wave over the plane: its value, in [−1, 1], at a point measured in periods. */
  interface Wave {
    double at(double u, double v);
  }

  /**
   * Covers all of it with {@code colour}, to which a rotated wave adds up to ± {@code amplitude}.
   */
  void ground(double[] colour, double[] amplitude, Wave wave, Placement periods) {
    double cos = StrictMath.cos(periods.angle());
    double sin = StrictMath.sin(periods.angle());
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double dx = x - periods.x();
        double dy = y - periods.y();
        double height =
            wave.at(
                (dx * cos + dy * sin) / periods.along(), (dy * cos - dx * sin) / periods.across());
        for (int c = 0; c < CHANNELS; c++) {
          values[(y * SIDE + x) * CHANNELS + c] = colour[c] + amplitude[c] * height;
        }
      }
    }
  }

  /**
   * Draws a figure over what is there.
   *
   * @param slope what its colour gains per pixel to the right
   */
  void figure(Figure figure, Placement at, double[] colour, double slope) {
    double cos = StrictMath.cos(at.angle());
    double sin = StrictMath.sin(at.angle());
    double reach = REACH * Math.max(at.along(), at.across());
    for (int y = first(at.y() - reach); y < end(at.y() + reach); y++) {
      for (int x = first(at.x() - reach); x < end(at.x() + reach); x++) {
        int hits = 0;
        for (int point = 0; point < GRID * GRID; point++) {
          double dx = x + (point % GRID + 0.5) / GRID - at.x();
          double dy = y + (point / GRID + 0.5) / GRID - at.y();
          if (figure.covers(
              (dx * cos + dy * sin) / at.along(), (dy * cos - dx * sin) / at.across())) {
            hits++;
          }
        }
        if (hits > 0) {
          blend(x, y, colour, slope * (x - at.x()), hits / (double) (GRID * GRID));
        }
      }
    }
  }

  private static int first(double low) {
    return (int) Math.max(0, Math.floor(low));
  }

  private static int end(double high) {
    return (int) Math.min(SIDE, Math.floor(high) + 1);
  }

  private void blend(int x, int y, double[] colour, double lighter, double cover) {
    int at = (y * SIDE + x) * CHANNELS;
    for (int c = 0; c < CHANNELS; c++) {
      values[at + c] += cover * (colour[c] + lighter - values[at + c]);
    }
  }

  /**
   * Adds normal noise and writes the values, rounded and clipped, to {@code target} from {@code
   * offset} on.
   */
  void develop(SplitMix random, double noise, byte[] target, int offset) {
    for (int i = 0; i < values.length; i++) {
      double value = Math.floor(values[i] + noise * random.normal() + 0.5);
      target[offset + i] = (byte) (int) Math.max(0, Math.min(255, value));
    }
  }
}
