package dev.jackpot.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.PruningSchedule;
import dev.jackpot.pruning.Shrinking.Count;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PruningTimesTest {
  private static PruningTimes times(String schedule) {
    return PruningTimes.of(schedule(schedule));
  }

  /** What a schedule has pruned after the event of a time. */
  private static long pruned(String schedule, long time, Count start, long last) {
    PruningSchedule parsed = schedule(schedule);
    return time >= PruningTimes.of(parsed).end()
        ? last
        : PruningCurve.of(parsed).pruned(time, start, last);
  }

  private static PruningSchedule schedule(String schedule) {
    try {
      return TextFormat.parse(schedule, PruningSchedule.class);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(schedule, e);
    }
  }

  private static List<Long> events(PruningTimes times) {
    return LongStream.range(0, 40).filter(times::isEvent).boxed().toList();
  }

  @Test
  void eventsComeEachIntervalFromBeginAndAtTheEnd() {
    assertThat(events(times("linear {} begin: 3 end: 11 interval: 4")))
        .containsExactly(3L, 7L, 11L);
    assertThat(events(times("cubic {} begin: 3 end: 12 interval: 4")))
        .containsExactly(3L, 7L, 11L, 12L);
    assertThat(events(times("cubic {} begin: 2 end: 5 interval: 100"))).containsExactly(2L, 5L);
    assertThat(events(times("one_shot {} begin: 6"))).containsExactly(6L);
  }

  @ParameterizedTest
  @CsvSource({
    // 1000 weights, 100 pruned at first, 900 in the end; begin 10, end 20
    "linear {}, 10, 100",
    "linear {}, 11, 180",
    "linear {}, 15, 500",
    "linear {}, 20, 900",
    "cubic {}, 10, 100",
    // 900 − 800 · 0.9³ = 316.8
    "cubic {}, 11, 316",
    // 900 − 800 / 8
    "cubic {}, 15, 800",
    // 900 − 800 · 0.001 = 899.2
    "cubic {}, 19, 899",
    "cubic {}, 20, 900",
    "geometric {}, 10, 100",
    // kept 900 / 9^½ = 300
    "geometric {}, 15, 700",
    // kept 900 / 9^0.1 = 722.45…
    "geometric {}, 11, 277",
    "geometric {}, 20, 900",
    // kept 900 → 720 → 576 → 461 (0.2 · 576 = 115.2)
    "iterative {}, 10, 280",
    "iterative {}, 11, 424",
    "iterative {}, 12, 539",
    "iterative {}, 20, 900",
    "one_shot {}, 10, 900",
  })
  void countsAreThoseOfTheFormula(String shape, long time, long pruned) {
    String rest = shape.startsWith("one") ? " begin: 10" : " begin: 10 end: 20";
    assertThat(pruned(shape + rest, time, new Count(100, 1000), 900)).isEqualTo(pruned);
  }

  @ParameterizedTest
  @ValueSource(strings = {"linear {}", "cubic {}", "geometric {}", "iterative { fraction: 0.01 }"})
  void countsGrowFromTheFirstToExactlyTheLast(String shape) {
    String schedule = shape + " begin: 5 end: 1005 interval: 7";
    PruningTimes times = times(schedule);
    // too many for the products to fit 64 bits, were they not reduced
    Count start = new Count(1_234_567, 4_000_000_000L);
    long last = 3_999_999_998L;
    long before = start.pruned();
    for (long t = 5; t <= 1005; t++) {
      if (times.isEvent(t)) {
        long now = pruned(schedule, t, start, last);
        assertThat(now).isBetween(before, last);
        before = now;
      }
    }
    assertThat(before).isEqualTo(last);
  }

  @Test
  void nothingToDoIsNothingDone() {
    for (String shape : List.of("linear {}", "cubic {}", "geometric {}", "iterative {}")) {
      for (long t = 0; t <= 4; t++) {
        assertThat(pruned(shape + " end: 4", t, new Count(7, 10), 7)).isEqualTo(7);
      }
    }
  }
}
