package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.training.report.Curve.Point;
import dev.jackpot.training.run.EpochMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurvesTest {
  private static EpochMetrics line(String stage, int epoch, double accuracy) {
    return new EpochMetrics(stage, epoch, epoch, 1, 0.5, accuracy, 0.1, 0, 0, 1, 1);
  }

  private static List<Point> points(double... xy) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < xy.length; i += 2) {
      points.add(new Point(xy[i], xy[i + 1]));
    }
    return points;
  }

  @Test
  void stagesFollowEachOther() {
    Curves curves =
        new Curves(
            List.of(line("a", 1, 0.1), line("a", 2, 0.2), line("b", 1, 0.3), line("b", 2, 0.4)));
    assertThat(curves.of(EpochMetrics::accuracy, false))
        .containsExactly(
            new Curve(0, false, points(1, 0.1, 2, 0.2)),
            new Curve(1, false, points(3, 0.3, 4, 0.4)));
    assertThat(curves.stages()).containsExactly("a", "b");
    assertThat(curves.range()).isEqualTo(new Curves.Range(1, 4));
  }

  @Test
  void aRepeatedStageKeepsItsColourAndBeginsANewLine() {
    Curves curves =
        new Curves(
            List.of(line("a", 1, 0.1), line("b", 1, 0.2), line("a", 1, 0.3), line("a", 1, 0.4)));
    assertThat(curves.of(EpochMetrics::accuracy, true))
        .containsExactly(
            new Curve(0, true, points(1, 0.1)),
            new Curve(1, true, points(2, 0.2)),
            new Curve(0, true, points(3, 0.3)),
            new Curve(0, true, points(4, 0.4)));
  }

  @Test
  void whatWasNotMeasuredIsLeftOut() {
    Curves curves =
        new Curves(List.of(line("a", 1, Double.NaN), line("a", 2, 0.2), line("b", 1, Double.NaN)));
    assertThat(curves.of(EpochMetrics::accuracy, false))
        .containsExactly(new Curve(0, false, points(2, 0.2)));
  }

  @Test
  void aLongLineIsThinnedWithoutLosingItsPeaksItsEndsOrItsOrder() {
    Random random = new Random(4);
    List<Point> all = new ArrayList<>();
    for (int i = 0; i < 12_345; i++) {
      all.add(new Point(i, random.nextGaussian()));
    }
    all.set(777, new Point(777, 50));
    all.set(9_999, new Point(9_999, -50));
    List<Point> kept = new Curve(0, false, all).points();
    assertThat(kept).hasSizeBetween(Curve.LIMIT / 2, Curve.LIMIT);
    assertThat(kept).contains(all.get(777), all.get(9_999));
    assertThat(kept.get(0)).isEqualTo(all.get(0));
    assertThat(kept.get(kept.size() - 1)).isEqualTo(all.get(12_344));
    assertThat(kept)
        .isSortedAccordingTo((p, q) -> Double.compare(p.x(), q.x()))
        .doesNotHaveDuplicates();
  }
}
