package dev.jackpot.training.data;

import dev.jackpot.config.proto.RandomResizedCrop;

/**
 * A random part of an image (Szegedy et al. 2015, "Going deeper with convolutions", section 6): its
 * share of the area is uniform in [scale_min, scale_max], the logarithm of width / height uniform
 * between those of ratio_min and ratio_max, its place uniform. Drawn anew up to ten times until it
 * fits; after that it is the largest centred part of an allowed ratio, as torchvision does.
 * Mirrored with probability 1/2 if asked.
 *
 * @param options the ranges
 * @param flip whether it may be mirrored
 * @param random 64 random bits that decide all of it
 */
record ResizedCrop(RandomResizedCrop options, boolean flip, long random) implements Crop {
  private static final int ATTEMPTS = 10;

  @Override
  public Window of(int height, int width) {
    return part(height, width).mirrored(flip && (random & 1) != 0);
  }

  private Window part(int height, int width) {
    SplitMix draws = new SplitMix(random);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area =
          (double) height * width * draws.between(options.getScaleMin(), options.getScaleMax());
      double ratio =
          Math.exp(draws.between(Math.log(options.getRatioMin()), Math.log(options.getRatioMax())));
      long w = Math.round(Math.sqrt(area * ratio));
      long h = Math.round(Math.sqrt(area / ratio));
      if (w >= 1 && w <= width && h >= 1 && h <= height) {
        int top = draws.upTo(height - (int) h);
        int left = draws.upTo(width - (int) w);
        return Window.of(top, left, (int) h, (int) w);
      }
    }
    return centred(height, width);
  }

  private Window centred(int height, int width) {
    double ratio = (double) width / height;
    int h = height;
    int w = width;
    if (ratio < options.getRatioMin()) {
      h = clamp(width / options.getRatioMin(), height);
    } else if (ratio > options.getRatioMax()) {
      w = clamp(height * options.getRatioMax(), width);
    }
    return Window.of((height - h) / 2, (width - w) / 2, h, w);
  }

  private static int clamp(double size, int most) {
    return (int) Math.max(1, Math.min(most, Math.round(size)));
  }
}
