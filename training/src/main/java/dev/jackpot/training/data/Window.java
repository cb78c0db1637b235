package dev.jackpot.training.data;

/**
 * The part of an image that is shown, resized to the network's size, in pixels of the stored image;
 * pixel (y, x) covers [y, y + 1) × [x, x + 1).
 *
 * @param region what is decoded: the resizing filter sees no pixel outside of it
 * @param top upper edge of the part, inside the region or on its edge
 * @param left its left edge
 * @param height of the part, greater than 0
 * @param width of the part, greater than 0
 * @param mirrored whether left and right are exchanged
 */
public record Window(
    Region region, double top, double left, double height, double width, boolean mirrored) {
  /** A rectangle of whole pixels. */
  public record Region(int top, int left, int height, int width) {
    public Region {
      if (top < 0 || left < 0 || height < 1 || width < 1) {
        throw new IllegalArgumentException(
            "region %d×%d at (%d, %d)".formatted(height, width, top, left));
      }
    }
  }

  public Window {
    double slack = 1e-6;
    if (!(height > 0 && width > 0)
        || top < region.top() - slack
        || left < region.left() - slack
        || top + height > region.top() + region.height() + slack
        || left + width > region.left() + region.width() + slack) {
      throw new IllegalArgumentException(
          "window %s×%s at (%s, %s) is not inside %s".formatted(height, width, top, left, region));
    }
  }

  /** All of a rectangle of whole pixels, and nothing beyond its edges. */
  public static Window of(int top, int left, int height, int width) {
    return new Window(new Region(top, left, height, width), top, left, height, width, false);
  }

  /** The same, left and right exchanged if asked. */
  public Window mirrored(boolean mirror) {
    return new Window(region, top, left, height, width, mirrored ^ mirror);
  }
}
