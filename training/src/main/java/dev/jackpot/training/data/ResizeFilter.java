package dev.jackpot.training.data;

import dev.jackpot.config.proto.Data.Interpolation;

/** The kernel an image is resized with, stretched over the pixels that a smaller pixel covers. */
enum ResizeFilter {
  /** 1 − |x| up to 1. */
  TRIANGLE(1) {
    @Override
    double at(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** Keys 1981, "Cubic convolution interpolation for digital image processing", with a = −1/2. */
  CUBIC(2) {
    @Override
    double at(double x) {
      double d = Math.abs(x);
      if (d < 1) {
        return ((1.5 * d - 2.5) * d) * d + 1;
      }
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    }
  };

  private final int support;

  ResizeFilter(int support) {
    this.support = support;
  }

  static ResizeFilter of(Interpolation interpolation) {
    return interpolation == Interpolation.BICUBIC ? CUBIC : TRIANGLE;
  }

  /** Beyond this distance it is 0. */
  int support() {
    return support;
  }

  /** Its value, not normalised. */
  abstract double at(double x);
}
