package dev.jackpot.training.data;

/**
 * Resizes a window of an image with antialiasing, first down the columns and then along the rows,
 * in float32. The same as TensorFlow's ScaleAndTranslate (a test holds it to that), which takes
 * about three times as long. Keeps its arrays for the next image; for one thread.
 */
final class Resampler {
  private static final int COLOURS = 3;

  private final ResizeFilter filter;
  private float[] source = new float[0];
  private float[] row = new float[0];
  private float[] shown = new float[0];
  private byte[] room = new byte[0];

  Resampler(ResizeFilter filter) {
    this.filter = filter;
  }

  /** An array for the pixels of a window's region, perhaps longer; the same one each time. */
  byte[] room(Window window) {
    int size = ImageDecoder.size(window.region());
    if (room.length < size) {
      room = new byte[size];
    }
    return room;
  }

  /**
   * Resizes, and rounds to the nearest, halves up.
   *
   * @param pixels uint8 [region.height, region.width, channels]: the window's region alone; what
   *     follows it is not looked at
   * @param window the part to show
   * @param target receives uint8 [height, width, channels]
   * @param shape of the target
   */
  void resize(byte[] pixels, Window window, byte[] target, ImageShape shape) {
    if (isCopy(window, shape)) {
      copy(pixels, window, target, shape);
      return;
    }
    if (shown.length < shape.size()) {
      shown = new float[shape.size()];
    }
    resize(pixels, window, shown, 0, shape);
    for (int i = 0; i < shape.size(); i++) {
      // a cubic filter may overshoot 0 and 255
      target[i] = (byte) Math.max(0, Math.min(255, (int) (shown[i] + 0.5f)));
    }
  }

  /**
   * Resizes without rounding.
   *
   * @param target receives float32 [height, width, channels] from {@code offset} on, from 0 to 255
   *     (a cubic filter may overshoot)
   */
  void resize(byte[] pixels, Window window, float[] target, int offset, ImageShape shape) {
    Window.Region region = window.region();
    int channels = shape.channels();
    ResizeTaps rows =
        ResizeTaps.of(
            filter, window.top() - region.top(), window.height(), region.height(), shape.height());
    ResizeTaps columns =
        ResizeTaps.of(
            filter, window.left() - region.left(), window.width(), region.width(), shape.width());
    if (window.mirrored()) {
      columns = columns.reversed();
    }
    int values = region.width() * channels;
    prepare(pixels, region.height() * values, values);
    for (int y = 0; y < shape.height(); y++) {
      blendRows(rows, y, values);
      int out = offset + y * shape.width() * channels;
      if (channels == COLOURS) {
        blendColours(columns, target, out);
      } else {
        blendColumns(columns, channels, target, out);
      }
    }
  }

  /** Whether every pixel shown is a stored one. */
  private static boolean isCopy(Window window, ImageShape shape) {
    return !window.mirrored()
        && window.top() == Math.rint(window.top())
        && window.left() == Math.rint(window.left())
        && window.height() == shape.height()
        && window.width() == shape.width();
  }

  private static void copy(byte[] pixels, Window window, byte[] target, ImageShape shape) {
    Window.Region region = window.region();
    int top = (int) window.top() - region.top();
    int left = (int) window.left() - region.left();
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
    toFloats(pixels, source, size);
  }

  private static void toFloats(byte[] from, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = from[i] & 0xFF;
    }
  }

  /** Weighted sum of whole rows into {@link #row}; loops that the compiler makes vectors of. */
  private void blendRows(ResizeTaps taps, int y, int values) {
    int count = taps.count();
    float[] weights = taps.weights();
    int at = y * count;
    int from = taps.start()[y] * values;
    if (count == 1) {
      scale(source, from, weights[at], row, values);
      return;
    }
    sum(source, from, weights[at], from + values, weights[at + 1], row, values);
    for (int k = 2; k < count; k++) {
      if (weights[at + k] != 0) {
        add(source, from + k * values, weights[at + k], row, values);
      }
    }
  }

  private static void scale(float[] from, int a, float weight, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = weight * from[a + i];
    }
  }

  private static void sum(
      float[] from, int a, float weightA, int b, float weightB, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] = weightA * from[a + i] + weightB * from[b + i];
    }
  }

  private static void add(float[] from, int a, float weight, float[] to, int count) {
    for (int i = 0; i < count; i++) {
      to[i] += weight * from[a + i];
    }
  }

  private void blendColours(ResizeTaps taps, float[] target, int out) {
    switch (taps.count()) {
      case 2 -> blendTwo(row, taps.start(), taps.weights(), target, out);
      case 3 -> blendThree(row, taps.start(), taps.weights(), target, out);
      case 4 -> blendFour(row, taps.start(), taps.weights(), target, out);
      default -> blendMany(row, taps, target, out);
    }
  }

  private static void blendTwo(
      float[] values, int[] start, float[] weights, float[] target, int out) {
    for (int x = 0, k = 0; x < start.length; x++, k += 2, out += COLOURS) {
      int p = start[x] * COLOURS;
      float a = weights[k];
      float b = weights[k + 1];
      target[out] = a * values[p] + b * values[p + 3];
      target[out + 1] = a * values[p + 1] + b * values[p + 4];
      target[out + 2] = a * values[p + 2] + b * values[p + 5];
    }
  }

  private static void blendThree(
      float[] values, int[] start, float[] weights, float[] target, int out) {
    for (int x = 0, k = 0; x < start.length; x++, k += 3, out += COLOURS) {
      int p = start[x] * COLOURS;
      float a = weights[k];
      float b = weights[k + 1];
      float c = weights[k + 2];
      target[out] = a * values[p] + b * values[p + 3] + c * values[p + 6];
      target[out + 1] = a * values[p + 1] + b * values[p + 4] + c * values[p + 7];
      target[out + 2] = a * values[p + 2] + b * values[p + 5] + c * values[p + 8];
    }
  }

  private static void blendFour(
      float[] values, int[] start, float[] weights, float[] target, int out) {
    for (int x = 0, k = 0; x < start.length; x++, k += 4, out += COLOURS) {
      int p = start[x] * COLOURS;
      float a = weights[k];
      float b = weights[k + 1];
      float c = weights[k + 2];
      float d = weights[k + 3];
      target[out] = a * values[p] + b * values[p + 3] + (c * values[p + 6] + d * values[p + 9]);
      target[out + 1] =
          a * values[p + 1] + b * values[p + 4] + (c * values[p + 7] + d * values[p + 10]);
      target[out + 2] =
          a * values[p + 2] + b * values[p + 5] + (c * values[p + 8] + d * values[p + 11]);
    }
  }

  private static void blendMany(float[] values, ResizeTaps taps, float[] target, int out) {
    int count = taps.count();
    float[] weights = taps.weights();
    int[] start = taps.start();
    for (int x = 0; x < start.length; x++, out += COLOURS) {
      int p = start[x] * COLOURS;
      float red = 0;
      float green = 0;
      float blue = 0;
      for (int k = x * count; k < x * count + count; k++, p += COLOURS) {
        float weight = weights[k];
        red += weight * values[p];
        green += weight * values[p + 1];
        blue += weight * values[p + 2];
      }
      target[out] = red;
      target[out + 1] = green;
      target[out + 2] = blue;
    }
  }

  private void blendColumns(ResizeTaps taps, int channels, float[] target, int out) {
    for (int x = 0; x < taps.start().length; x++) {
      for (int c = 0; c < channels; c++) {
        int p = taps.start()[x] * channels + c;
        float sum = 0;
        for (int k = 0; k < taps.count(); k++) {
          sum += taps.weights()[x * taps.count() + k] * row[p + k * channels];
        }
        target[out++] = sum;
      }
    }
  }
}
