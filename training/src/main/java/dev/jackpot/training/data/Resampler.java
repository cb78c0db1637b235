package dev.jackpot.training.data;

/**
 * Resizes a window of an image with antialiasing, first down the columns and then along the rows,
 * in float32, rounded once at the end. The same as TensorFlow's ScaleAndTranslate (a test holds it
 * to that), which takes about three times as long. Keeps its arrays for the next image; for one
 * thread.
 */
final class Resampler {
  private final ResizeFilter filter;
  private float[] source = new float[0];
  private float[] row = new float[0];

  Resampler(ResizeFilter filter) {
    this.filter = filter;
  }

  /**
   * Resizes.
   *
   * @param pixels uint8 [region.height, region.width, channels]: the window's region alone
   * @param window the part to show
   * @param target receives uint8 [height, width, channels]
   * @param shape of the target
   */
  void resize(byte[] pixels, Window window, byte[] target, ImageShape shape) {
    Window.Region region = window.region();
    double top = window.top() - region.top();
    double left = window.left() - region.left();
    if (top == Math.rint(top)
        && left == Math.rint(left)
        && window.height() == shape.height()
        && window.width() == shape.width()) {
      copy(pixels, region, (int) top, (int) left, target, shape);
      return;
    }
    int channels = shape.channels();
    ResizeTaps rows = ResizeTaps.of(filter, top, window.height(), region.height(), shape.height());
    ResizeTaps columns = ResizeTaps.of(filter, left, window.width(), region.width(), shape.width());
    int values = region.width() * channels;
    prepare(pixels, region.height() * values, values);
    for (int y = 0; y < shape.height(); y++) {
      blendRows(rows, y, values);
      int out = y * shape.width() * channels;
      if (channels == 3) {
        blendColours(columns, target, out);
      } else {
        blendColumns(columns, channels, target, out);
      }
    }
  }

  /** Nothing to resize. */
  private static void copy(
      byte[] pixels, Window.Region region, int top, int left, byte[] target, ImageShape shape) {
    int length = shape.width() * shape.channels();
    for (int y = 0; y < shape.height(); y++) {
      int from = ((top + y) * region.width() + left) * shape.channels();
      System.arraycopy(pixels, from, target, y * length, length);
    }
  }

  private void prepare(byte[] pixels, int size, int rowSize) {
    if (source.length < size) {
      source = new float[size];
    }
    if (row.length < rowSize) {
      row = new float[rowSize];
    }
    for (int i = 0; i < size; i++) {
      source[i] = pixels[i] & 0xFF;
    }
  }

  /** Weighted sum of whole rows into {@link #row}; loops that the compiler makes vectors of. */
  private void blendRows(ResizeTaps taps, int y, int values) {
    int at = y * taps.count();
    int from = taps.start()[y] * values;
    scale(source, from, taps.weights()[at], row, values);
    for (int k = 1; k < taps.count(); k++) {
      float weight = taps.weights()[at + k];
      if (weight != 0) {
        add(source, from + k * values, weight, row, values);
      }
    }
  }

  private static void scale(float[] from, int start, float weight, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = weight * from[start + i];
    }
  }

  private static void add(float[] from, int start, float weight, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += weight * from[start + i];
    }
  }

  private void blendColours(ResizeTaps taps, byte[] target, int out) {
    int count = taps.count();
    float[] weights = taps.weights();
    float[] values = row;
    for (int x = 0; x < taps.start().length; x++) {
      int p = taps.start()[x] * 3;
      float red = 0;
      float green = 0;
      float blue = 0;
      for (int k = x * count; k < x * count + count; k++, p += 3) {
        float weight = weights[k];
        red += weight * values[p];
        green += weight * values[p + 1];
        blue += weight * values[p + 2];
      }
      target[out++] = rounded(red);
      target[out++] = rounded(green);
      target[out++] = rounded(blue);
    }
  }

  private void blendColumns(ResizeTaps taps, int channels, byte[] target, int out) {
    for (int x = 0; x < taps.start().length; x++) {
      for (int c = 0; c < channels; c++) {
        int p = taps.start()[x] * channels + c;
        float sum = 0;
        for (int k = 0; k < taps.count(); k++) {
          sum += taps.weights()[x * taps.count() + k] * row[p + k * channels];
        }
        target[out++] = rounded(sum);
      }
    }
  }

  /** To the nearest, halves up; a cubic filter may overshoot 0 and 255. */
  private static byte rounded(float value) {
    return (byte) Math.max(0, Math.min(255, (int) (value + 0.5f)));
  }
}
