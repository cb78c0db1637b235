package dev.jackpot.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrawnShapeTest {
  private static final int GRID = 200;

  /** Points of a grid over [−1.5, 1.5)² that a figure covers. */
  private static boolean[][] covered(DrawnShape shape) {
    boolean[][] covered = new boolean[GRID][GRID];
    for (int i = 0; i < GRID; i++) {
      for (int j = 0; j < GRID; j++) {
        covered[i][j] = shape.covers(coordinate(j), coordinate(i));
      }
    }
    return covered;
  }

  private static double coordinate(int i) {
    return (i + 0.5) * 3 / GRID - 1.5;
  }

  @ParameterizedTest
  @EnumSource
  void isAboutAsLargeAsTheUnitCircle(DrawnShape shape) {
    boolean[][] covered = covered(shape);
    double area = 0;
    double reach = 0;
    double x = 0;
    double y = 0;
    for (int i = 0; i < GRID; i++) {
      for (int j = 0; j < GRID; j++) {
        if (covered[i][j]) {
          area += 9.0 / (GRID * GRID);
          reach = Math.max(reach, Math.hypot(coordinate(i), coordinate(j)));
          x += coordinate(j) * 9.0 / (GRID * GRID);
          y += coordinate(i) * 9.0 / (GRID * GRID);
        }
      }
    }
    assertThat(area).isBetween(0.8, 2.4);
    assertThat(reach).isBetween(0.75, 1.2);
    assertThat(Math.hypot(x, y) / area).as("distance of the centre of mass").isLessThan(0.45);
  }

  @Test
  void figuresByHand() {
    assertThat(DrawnShape.DISC.covers(0, 0.79)).isTrue();
    assertThat(DrawnShape.DISC.covers(0.6, 0.6)).isFalse();
    assertThat(DrawnShape.RING.covers(0, 0)).isFalse();
    assertThat(DrawnShape.RING.covers(0, -0.7)).isTrue();
    assertThat(DrawnShape.SQUARE.covers(0.7, -0.7)).isTrue();
    assertThat(DrawnShape.TRIANGLE.covers(0, -1)).isTrue();
    assertThat(DrawnShape.TRIANGLE.covers(0.3, -1)).isFalse();
    assertThat(DrawnShape.TRIANGLE.covers(0.9, 0.5)).isTrue();
    assertThat(DrawnShape.STAR.covers(0, -1)).isTrue();
    assertThat(DrawnShape.STAR.covers(0, 1)).isFalse();
    assertThat(DrawnShape.STAR.covers(0, 0)).isTrue();
    assertThat(DrawnShape.CROSS.covers(0.9, 0)).isTrue();
    assertThat(DrawnShape.CROSS.covers(0.5, 0.5)).isFalse();
    assertThat(DrawnShape.CRESCENT.covers(-0.8, 0)).isTrue();
    assertThat(DrawnShape.CRESCENT.covers(0, 0)).isFalse();
    assertThat(DrawnShape.HEART.covers(0, 0.7)).as("its tip is down").isTrue();
    assertThat(DrawnShape.HEART.covers(0, -0.85)).as("its notch is up").isFalse();
    assertThat(DrawnShape.ARROW.covers(0.9, 0)).as("it points right").isTrue();
    assertThat(DrawnShape.ARROW.covers(-0.5, 0.5)).isFalse();
    assertThat(DrawnShape.ARROW.covers(0.2, 0.7)).isTrue();
    assertThat(DrawnShape.HOURGLASS.covers(0.5, 0)).isFalse();
    assertThat(DrawnShape.HOURGLASS.covers(0.5, 0.8)).isTrue();
  }

  @Test
  void aPolygonHasAnInside() {
    Polygon square = new Polygon(new double[] {0, 2, 2, 0}, new double[] {0, 0, 2, 2});
    assertThat(square.covers(1, 1)).isTrue();
    assertThat(square.covers(3, 1)).isFalse();
    assertThat(square.covers(-1, 1)).isFalse();
    assertThat(square.covers(1, 3)).isFalse();
  }
}
