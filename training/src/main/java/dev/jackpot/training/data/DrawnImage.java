package dev.jackpot.training.data;

import dev.jackpot.training.data.Canvas.Placement;

/**
 * Composes one image of the drawn data set: a textured ground, clutter, the class's figure, bars in
 * front of it, and noise. The figure is lighter than the ground; its place, size, proportions,
 * rotation and hue are random. What is drawn is a function of the seed alone, the same bits on
 * every platform: only +, −, ·, /, comparisons and StrictMath take part.
 */
final class DrawnImage {
  static final ImageShape SHAPE = new ImageShape(Canvas.SIDE, Canvas.SIDE, 3);

  /** Bounds of the length, in pixels, of a figure's unit. */
  private static final double LEAST_RADIUS = 7;

  private static final double MOST_RADIUS = 11;

  /** How far, in pixels, a figure's centre may lie from the image's, across and down. */
  private static final double OFF_CENTRE = 6;

  /** How far a figure may be turned either way, in radians. */
  private static final double MOST_TILT = Math.PI / 4;

  /** By how much a figure's mean of red, green and blue is lighter than its ground's, at least. */
  private static final double CONTRAST = 40;

  private static final int MOST_CLUTTER = 3;
  private static final int MOST_BARS = 1;

  /** Bounds of the noise's standard deviation. */
  private static final double LEAST_NOISE = 4;

  private static final double MOST_NOISE = 12;

  private final SplitMix random;
  private final Canvas canvas = new Canvas();

  private DrawnImage(long seed) {
    random = new SplitMix(seed);
  }

  /** Draws a figure of class {@code shape} into {@code target}, from {@code offset} on. */
  static void draw(DrawnShape shape, long seed, byte[] target, int offset) {
    DrawnImage image = new DrawnImage(seed);
    double[] ground = image.darkColour();
    image.ground(ground);
    for (int i = image.random.upTo(MOST_CLUTTER); i > 0; i--) {
      image.clutter();
    }
    image.figure(shape, ground);
    for (int i = image.random.upTo(MOST_BARS); i > 0; i--) {
      image.bar();
    }
    double noise = image.random.between(LEAST_NOISE, MOST_NOISE);
    image.canvas.develop(image.random, noise, target, offset);
  }

  private void ground(double[] colour) {
    double strength = random.between(0, 0.15);
    double[] amplitude = colour();
    for (int c = 0; c < amplitude.length; c++) {
      amplitude[c] = strength * (amplitude[c] - 128);
    }
    double period = random.between(3, 12);
    Canvas.Wave wave = random.uniform() < 0.5 ? DrawnImage::checks : (u, v) -> stripes(u);
    Placement periods =
        new Placement(
            random.between(0, period), random.between(0, period), random.angle(), period, period);
    canvas.ground(colour, amplitude, wave, periods);
  }

  /** −1 or 1 in squares of half a period. */
  private static double checks(double u, double v) {
    return fraction(u) < 0.5 == fraction(v) < 0.5 ? 1 : -1;
  }

  /** Up and down in straight lines, from −1 to 1. */
  private static double stripes(double u) {
    return 4 * Math.abs(fraction(u) - 0.5) - 1;
  }

  private static double fraction(double u) {
    return u - Math.floor(u);
  }

  private void figure(DrawnShape shape, double[] ground) {
    double radius = random.between(LEAST_RADIUS, MOST_RADIUS);
    double stretch = random.between(0.8, 1.25);
    double centre = Canvas.SIDE / 2.0;
    Placement place =
        new Placement(
            random.between(centre - OFF_CENTRE, centre + OFF_CENTRE),
            random.between(centre - OFF_CENTRE, centre + OFF_CENTRE),
            random.between(-MOST_TILT, MOST_TILT),
            radius * stretch,
            radius / stretch);
    double slope = random.between(-30, 30) / radius;
    canvas.figure(shape::covers, place, lighterColour(ground), slope);
  }

  private void clutter() {
    double length = random.between(1, 3.5);
    rectangle(
        random.between(0, Canvas.SIDE),
        random.between(0, Canvas.SIDE),
        length,
        length * random.between(0.3, 1));
  }

  private void bar() {
    rectangle(
        random.between(4, Canvas.SIDE - 4),
        random.between(4, Canvas.SIDE - 4),
        random.between(4, 14),
        random.between(0.5, 1.3));
  }

  /** A rectangle of any colour and rotation, given by its centre and half its length and width. */
  private void rectangle(double x, double y, double length, double width) {
    Placement place = new Placement(x, y, random.angle(), length, width);
    canvas.figure((u, v) -> Math.max(Math.abs(u), Math.abs(v)) <= 1, place, colour(), 0);
  }

  private double[] colour() {
    return new double[] {random.between(20, 235), random.between(20, 235), random.between(20, 235)};
  }

  private double[] darkColour() {
    return new double[] {random.between(20, 149), random.between(20, 149), random.between(20, 149)};
  }

  private double[] lighterColour(double[] ground) {
    while (true) {
      double[] colour = colour();
      double lighter = colour[0] + colour[1] + colour[2] - ground[0] - ground[1] - ground[2];
      if (lighter >= 3 * CONTRAST) {
        return colour;
      }
    }
  }
}
