package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.EagerSession;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.image.ScaleAndTranslate;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

class ResamplerTest {
  private static byte[] resize(
      ResizeFilter filter, byte[] pixels, Window window, ImageShape target) {
    byte[] result = new byte[target.size()];
    new Resampler(filter).resize(pixels, window, result, target);
    return result;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  @Test
  void halvingAveragesWithATriangle() {
    // each target pixel is 2 wide, its triangle 4: weights 1 3 3 1 of 8, cut at the ends
    byte[] result =
        resize(
            ResizeFilter.TRIANGLE,
            bytes(0, 80, 160, 240),
            Window.of(0, 0, 1, 4),
            new ImageShape(1, 2, 1));
    // left: (3·0 + 3·80 + 1·160) / 7 = 57.14; right: (80 + 3·160 + 3·240) / 7 = 182.86
    assertThat(result).containsExactly(bytes(57, 183));
  }

  @Test
  void doublingInterpolatesBetweenCentres() {
    byte[] result =
        resize(
            ResizeFilter.TRIANGLE, bytes(0, 100), Window.of(0, 0, 1, 2), new ImageShape(1, 4, 1));
    assertThat(result).containsExactly(bytes(0, 25, 75, 100));
  }

  @Test
  void aWindowOfTheTargetsSizeIsCopied() {
    byte[] pixels = new byte[6 * 5 * 3];
    new Random(3).nextBytes(pixels);
    Window window = new Window(new Window.Region(0, 0, 6, 5), 2, 1, 3, 2, false);
    byte[] result = resize(ResizeFilter.CUBIC, pixels, window, new ImageShape(3, 2, 3));
    for (int i = 0; i < result.length; i++) {
      int y = i / 6 + 2;
      int x = i / 3 % 2 + 1;
      assertThat(result[i]).isEqualTo(pixels[(y * 5 + x) * 3 + i % 3]);
    }
  }

  @ParameterizedTest
  @EnumSource(ResizeFilter.class)
  void aPlainImageStaysPlain(ResizeFilter filter) {
    byte[] pixels = new byte[17 * 23 * 3];
    java.util.Arrays.fill(pixels, (byte) 201);
    for (int size : new int[] {1, 5, 22, 64}) {
      assertThat(resize(filter, pixels, Window.of(0, 0, 17, 23), new ImageShape(size, size, 3)))
          .containsOnly(201);
    }
  }

  @Test
  void aCubicOvershootIsCut() {
    byte[] result =
        resize(
            ResizeFilter.CUBIC,
            bytes(0, 0, 255, 255),
            Window.of(0, 0, 1, 4),
            new ImageShape(1, 16, 1));
    assertThat(result[0]).isZero();
    assertThat(result[15]).isEqualTo((byte) 255);
    for (int i = 1; i < 16; i++) { // no overshoot wraps around
      assertThat(result[i] & 0xFF).isGreaterThanOrEqualTo((result[i - 1] & 0xFF) - 1);
    }
  }

  @Test
  void aMirroredWindowExchangesLeftAndRight() {
    byte[] pixels = new byte[9 * 14 * 3];
    new Random(4).nextBytes(pixels);
    Window window = Window.of(0, 0, 9, 14);
    ImageShape shape = new ImageShape(5, 6, 3);
    byte[] plain = resize(ResizeFilter.TRIANGLE, pixels, window, shape);
    byte[] mirrored = resize(ResizeFilter.TRIANGLE, pixels, window.mirrored(true), shape);
    for (int i = 0; i < plain.length; i++) {
      int x = i / 3 % 6;
      assertThat(mirrored[i]).isEqualTo(plain[i + (5 - 2 * x) * 3]);
    }
  }

  /** TensorFlow's op takes a scale and a translation of the source. */
  @ParameterizedTest
  @CsvSource({
    "TRIANGLE, 37, 53, 0, 0, 37, 53, 16",
    "TRIANGLE, 37, 53, 3.25, 7.5, 21.5, 30.25, 16",
    "TRIANGLE, 37, 53, 3, 7, 10, 12, 32",
    "TRIANGLE, 100, 9, 0, 0, 100, 9, 8",
    "CUBIC, 37, 53, 0, 0, 37, 53, 16",
    "CUBIC, 37, 53, 3.25, 7.5, 21.5, 30.25, 16",
    "CUBIC, 37, 53, 3, 7, 10, 12, 32",
  })
  void isTensorFlowsScaleAndTranslate(
      ResizeFilter filter,
      int height,
      int width,
      double top,
      double left,
      double partHeight,
      double partWidth,
      int size) {
    byte[] pixels = new byte[height * width * 3];
    new Random(11).nextBytes(pixels);
    Window window =
        new Window(new Window.Region(0, 0, height, width), top, left, partHeight, partWidth, false);
    byte[] ours = resize(filter, pixels, window, new ImageShape(size, size, 3));
    try (EagerSession session = EagerSession.create();
        TUint8 image = TUint8.tensorOf(Shape.of(1, height, width, 3), DataBuffers.of(pixels))) {
      Ops tf = Ops.create(session);
      float scaleY = (float) (size / partHeight);
      float scaleX = (float) (size / partWidth);
      TFloat32 theirs =
          tf.image
              .scaleAndTranslate(
                  tf.constantOf(image),
                  tf.constant(new int[] {size, size}),
                  tf.constant(new float[] {scaleY, scaleX}),
                  tf.constant(new float[] {(float) -top * scaleY, (float) -left * scaleX}),
                  ScaleAndTranslate.kernelType(
                      filter == ResizeFilter.CUBIC ? "keyscubic" : "triangle"),
                  ScaleAndTranslate.antialias(true))
              .asTensor();
      for (int i = 0; i < ours.length; i++) {
        float value = theirs.getFloat(0, i / 3 / size, i / 3 % size, i % 3);
        double expected = Math.max(0, Math.min(255, value));
        assertThat((double) (ours[i] & 0xFF))
            .as("value %d", i)
            .isBetween(expected - 0.51, expected + 0.51);
      }
    }
  }
}
