package dev.jackpot.training.data;

import java.util.Locale;

/**
 * The ten classes of the drawn data set: plane figures, about as large as the unit circle and
 * centred on the origin, x to the right and y down.
 */
enum DrawnShape {
  DISC {
    @Override
    boolean covers(double x, double y) {
      return x * x + y * y <= 0.64;
    }
  },
  RING {
    @Override
    boolean covers(double x, double y) {
      double square = x * x + y * y;
      return square <= 0.9 && square >= 0.25;
    }
  },
  SQUARE {
    @Override
    boolean covers(double x, double y) {
      return Math.max(Math.abs(x), Math.abs(y)) <= 0.72;
    }
  },
  TRIANGLE {
    @Override
    boolean covers(double x, double y) {
      return y <= 0.55 && y >= 1.7320508075688772 * Math.abs(x) - 1.1;
    }
  },
  STAR {
    @Override
    boolean covers(double x, double y) {
      return STAR_OUTLINE.covers(x, y);
    }
  },
  CROSS {
    @Override
    boolean covers(double x, double y) {
      double across = Math.abs(x);
      double down = Math.abs(y);
      return Math.min(across, down) <= 0.28 && Math.max(across, down) <= 0.92;
    }
  },
  CRESCENT {
    @Override
    boolean covers(double x, double y) {
      double bite = x - 0.4;
      return x * x + y * y <= 0.9 && bite * bite + y * y >= 0.52;
    }
  },
  HEART {
    @Override
    boolean covers(double x, double y) {
      double across = 1.25 * x;
      double up = -1.25 * y;
      double disc = across * across + up * up - 1;
      return disc * disc * disc <= across * across * up * up * up;
    }
  },
  ARROW {
    @Override
    boolean covers(double x, double y) {
      return x < 0.1 ? x >= -0.95 && Math.abs(y) <= 0.24 : Math.abs(y) <= 0.95 - x;
    }
  },
  HOURGLASS {
    @Override
    boolean covers(double x, double y) {
      return Math.abs(y) <= 0.85 && Math.abs(x) <= 0.12 + 0.75 * Math.abs(y);
    }
  };

  private static final Polygon STAR_OUTLINE = Polygon.star(5, 1.05, 0.45);

  /** Whether the figure covers a point. */
  abstract boolean covers(double x, double y);

  /** The class's name, for instance "disc". */
  String className() {
    return name().toLowerCase(Locale.ROOT);
  }
}
