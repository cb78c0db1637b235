package dev.jackpot.training.data;

/**
 * Resizes a window of an image with antialiasing, first down the columns and then along the rows,
 * in float32. The same as TensorFlow's ScaleAndTranslate; a test holds it to that. Of the source
 * only the rows that make one target row are there as numbers at a time. Keeps its arrays for the
 * next image; for one thread.
 */
final class Resampler {
  private static final int COLOURS = 3;

  /** Bytes of the largest region whose array is kept. */
  private static final int KEPT = 1 << 24;

  /** Values of the longest rows whose array is kept. */
  private static final int KEPT_FLOATS = 1 << 22;

  /** Values of a pixel in one channel. */
  private static final int LEVEL_COUNT = 256;

  /** Every level as itself, for up to 4 channels. */
  private static final float[] LEVELS = levels(4);

  private final ResizeFilter filter;
  private float[] rows = new float[0];
  private float[] row = new float[0];
  private float[] shown = new float[0];
  private byte[] room = new byte[0];

  Resampler(ResizeFilter filter) {
    this.filter = filter;
  }

  /**
   * An array for the pixels of a window's region, perhaps longer; the same one each time, unless
   * the image is huge.
   */
  byte[] room(Window window) {
    int size = ImageDecoder.size(window.region());
    if (size > KEPT) {
      return new byte[size];
    }
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
    float[] levels = shape.channels() <= 4 ? LEVELS : levels(shape.channels());
    resize(pixels, window, levels, shown, 0, shape);
    for (int i = 0; i < shape.size(); i++) {
      // a cubic filter may overshoot 0 and 255
      target[i] = (byte) Math.max(0, Math.min(255, (int) (shown[i] + 0.5f)));
    }
  }

  /** The levels 0 to 255 as themselves: [channels, 256]. */
  static float[] levels(int channels) {
    float[] levels = new float[channels * LEVEL_COUNT];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = i % LEVEL_COUNT;
    }
    return levels;
  }

  /**
   * Resizes without rounding.
   *
   * @param levels what each pixel value stands for, [channels, 256]: normalised ones, for instance
   * @param target receives float32 [height, width, channels] from {@code offset} on
   */
  void resize(
      byte[] pixels, Window window, float[] levels, float[] target, int offset, ImageShape shape) {
    Window.Region region = window.region();
    int channels = shape.channels();
    ResizeTaps down =
        ResizeTaps.of(
            filter, window.top() - region.top(), window.height(), region.height(), shape.height());
    ResizeTaps along =
        ResizeTaps.of(
            filter, window.left() - region.left(), window.width(), region.width(), shape.width());
    if (window.mirrored()) {
      along = along.reversed();
    }
    int values = region.width() * channels;
    reserve(down.count() * values, values);
    int known = down.start()[0];
    for (int y = 0; y < shape.height(); y++) {
      int end = down.start()[y] + down.count();
      for (known = Math.max(known, down.start()[y]); known < end; known++) {
        convert(pixels, known * values, values, channels, levels, known % down.count() * values);
      }
      blendRows(down, y, values);
      int out = offset + y * shape.width() * channels;
      if (channels == COLOURS) {
        blendColours(along, target, out);
      } else {
        blendColumns(along, channels, target, out);
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

  /** Arrays of at least that length; those that a huge image made long are dropped again. */
  private void reserve(int rowsSize, int rowSize) {
    if (rowsSize <= KEPT_FLOATS && rows.length > KEPT_FLOATS) {
      rows = new float[0];
    }
    if (rowSize <= KEPT_FLOATS && row.length > KEPT_FLOATS) {
      row = new float[0];
    }
    if (rows.length < rowsSize) {
      rows = new float[rowsSize];
    }
    if (row.length < rowSize) {
      row = new float[rowSize];
    }
  }

  /** Looks up one source row; it takes the place of one that is not needed any more. */
  private void convert(byte[] pixels, int from, int count, int channels, float[] levels, int to) {
    if (channels == COLOURS) {
      colours(pixels, from, count, levels, rows, to);
      return;
    }
    for (int i = 0; i < count; i++) {
      rows[to + i] = levels[i % channels * LEVEL_COUNT + (pixels[from + i] & 0xFF)];
    }
  }

  private static void colours(
      byte[] pixels, int from, int count, float[] levels, float[] target, int to) {
    for (int i = 0; i < count; i += COLOURS) {
      target[to + i] = levels[pixels[from + i] & 0xFF];
      target[to + i + 1] = levels[LEVEL_COUNT + (pixels[from + i + 1] & 0xFF)];
      target[to + i + 2] = levels[2 * LEVEL_COUNT + (pixels[from + i + 2] & 0xFF)];
    }
  }

  /** Weighted sum of whole rows into {@link #row}; loops that the compiler makes vectors of. */
  private void blendRows(ResizeTaps taps, int y, int values) {
    int count = taps.count();
    float[] weights = taps.weights();
    int at = y * count;
    int first = taps.start()[y];
    if (count == 1) {
      scale(rows, 0, weights[at], row, values);
      return;
    }
    int a = first % count * values;
    int b = (first + 1) % count * values;
    sum(rows, a, weights[at], b, weights[at + 1], row, values);
    for (int k = 2; k < count; k++) {
      if (weights[at + k] != 0) {
        add(rows, (first + k) % count * values, weights[at + k], row, values);
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
