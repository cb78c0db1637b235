package dev.jackpot.training.data;

import dev.jackpot.config.ImageSize;
import dev.jackpot.config.proto.Data;

/**
 * What is shown where nothing is random: the image is resized until its shorter side has {@code
 * resize} pixels (the longer one rounded down, as torchvision does), and the centre is cropped.
 *
 * @param resize pixels of the shorter side, at least {@code size}; 0: cropped only, an image
 *     smaller than {@code size} being resized to it
 * @param size height and width of the crop, in pixels of the resized image
 */
record CentreCrop(int resize, int size) implements Crop {
  /** Pixels that the widest filter reaches to either side, at scale 1. */
  private static final int REACH = 2;

  /** The one a config asks for. */
  static CentreCrop of(Data config, int size) {
    return new CentreCrop(ImageSize.resize(config, size), size);
  }

  @Override
  public Window of(int height, int width) {
    int shorter = Math.min(height, width);
    int target = resize > 0 ? resize : Math.max(shorter, size);
    long resizedHeight = resized(height, shorter, target);
    long resizedWidth = resized(width, shorter, target);
    double perRow = (double) height / resizedHeight;
    double perColumn = (double) width / resizedWidth;
    double top = offset(resizedHeight) * perRow;
    double left = offset(resizedWidth) * perColumn;
    return new Window(
        region(height, width, top, left, size * perRow, size * perColumn, perRow, perColumn),
        top,
        left,
        size * perRow,
        size * perColumn,
        false);
  }

  /** A long: 256 times the longer side of a thin image is more than an int holds. */
  private static long resized(int side, int shorter, int target) {
    return side == shorter ? target : (long) target * side / shorter;
  }

  /** Half of what is left over, halves rounded to even. */
  private double offset(long resized) {
    return Math.rint((resized - size) / 2.0);
  }

  /** The part, and around it what the filter reaches. */
  private static Window.Region region(
      int height,
      int width,
      double top,
      double left,
      double partHeight,
      double partWidth,
      double perRow,
      double perColumn) {
    int marginY = 1 + (int) Math.ceil(REACH * Math.max(1, perRow));
    int marginX = 1 + (int) Math.ceil(REACH * Math.max(1, perColumn));
    int y = Math.max(0, (int) top - marginY);
    int x = Math.max(0, (int) left - marginX);
    int bottom = Math.min(height, (int) Math.ceil(top + partHeight) + marginY);
    int right = Math.min(width, (int) Math.ceil(left + partWidth) + marginX);
    return new Window.Region(y, x, bottom - y, right - x);
  }
}
