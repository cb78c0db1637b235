package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.training.data.Canvas.Placement;
import org.junit.jupiter.api.Test;

class CanvasTest {
  private static final double[] GREY = {100, 150, 200};
  private static final double[] NONE = {0, 0, 0};
  private static final Placement ORIGIN = new Placement(0, 0, 0, 1, 1);

  private final Canvas canvas = new Canvas();

  private int pixel(int x, int y, int channel) {
    byte[] image = new byte[3072 + 1];
    canvas.develop(new SplitMix(1), 0, image, 1);
    return image[1 + (y * 32 + x) * 3 + channel] & 0xFF;
  }

  @Test
  void theWaveIsAddedToTheGround() {
    canvas.ground(
        GREY, new double[] {10, -20, 300}, (u, v) -> u < 2 ? 1 : -1, new Placement(0, 0, 0, 8, 8));
    assertThat(pixel(0, 0, 0)).isEqualTo(110);
    assertThat(pixel(15, 0, 1)).isEqualTo(130);
    assertThat(pixel(16, 31, 0)).isEqualTo(90);
    assertThat(pixel(0, 0, 2)).as("clipped").isEqualTo(255);
    assertThat(pixel(31, 0, 2)).as("clipped").isZero();
  }

  @Test
  void aFigureCoversItsPixelsAndShadesItsEdges() {
    canvas.ground(GREY, NONE, (u, v) -> 0, ORIGIN);
    // a square from (8, 8) to (12, 12 1/3): the last row is covered by a third
    canvas.figure(
        (u, v) -> Math.abs(u) <= 1 && v >= -1 && v <= 1 + 1 / 6.0,
        new Placement(10, 10, 0, 2, 2),
        new double[] {0, 0, 50},
        0);
    assertThat(pixel(8, 8, 0)).isZero();
    assertThat(pixel(11, 11, 2)).isEqualTo(50);
    assertThat(pixel(7, 8, 0)).isEqualTo(100);
    assertThat(pixel(12, 8, 0)).isEqualTo(100);
    assertThat(pixel(10, 12, 0)).isEqualTo(67);
    assertThat(pixel(10, 12, 2)).isEqualTo(150);
  }

  @Test
  void rotationAndScaleApplyToTheFigure() {
    canvas.ground(GREY, NONE, (u, v) -> 0, ORIGIN);
    // its axis points down the image, 6 pixels each way; 1 pixel across
    canvas.figure(
        (u, v) -> Math.abs(u) <= 1 && Math.abs(v) <= 1,
        new Placement(16, 16, Math.PI / 2, 6, 1),
        NONE,
        0);
    assertThat(pixel(15, 10, 0)).isZero();
    assertThat(pixel(16, 21, 0)).isZero();
    assertThat(pixel(15, 22, 0)).isEqualTo(100);
    assertThat(pixel(10, 15, 0)).isEqualTo(100);
  }

  @Test
  void aSlopeLightensToTheRight() {
    canvas.ground(GREY, NONE, (u, v) -> 0, ORIGIN);
    canvas.figure(
        (u, v) -> true, new Placement(16, 16, 0, 40, 40), new double[] {100, 100, 100}, 2);
    assertThat(pixel(16, 5, 0)).isEqualTo(100);
    assertThat(pixel(26, 5, 0)).isEqualTo(120);
    assertThat(pixel(6, 5, 0)).isEqualTo(80);
  }

  @Test
  void noiseHasTheStrengthAskedFor() {
    canvas.ground(new double[] {128, 128, 128}, NONE, (u, v) -> 0, ORIGIN);
    byte[] image = new byte[3072];
    canvas.develop(new SplitMix(1), 10, image, 0);
    double squares = 0;
    double sum = 0;
    for (byte value : image) {
      sum += (value & 0xFF) - 128;
      squares += Math.pow((value & 0xFF) - 128, 2);
    }
    assertThat(sum / 3072).isBetween(-0.6, 0.6);
    assertThat(Math.sqrt(squares / 3072)).isBetween(9.4, 10.6);
  }
}
