package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.training.run.PruningRecord;
import dev.jackpot.training.run.PruningRecord.Kernel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PruningSectionTest {
  private static PruningRecord record(String kind, long step, long before, long after) {
    double loss = kind.equals("harvest") ? 0.5 : Double.NaN;
    return new PruningRecord(
        "shed<1>",
        kind,
        step / 6.,
        step,
        loss,
        loss + 0.0125,
        List.of(new Kernel("a/kernel", 1000, 1000 - before, 1000 - after)));
  }

  private static String html(List<PruningRecord> records) {
    Html html = new Html();
    PruningSection.write(html, records);
    return html.toString();
  }

  private static String text(String html) {
    return html.replaceAll("(?s)<svg.*?</svg>", " ")
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ");
  }

  @Test
  void aRunWithoutEventsHasNoSection() {
    assertThat(html(List.of())).isEmpty();
  }

  @Test
  void eventsAreListedAndDrawn() {
    String html =
        html(
            List.of(
                record("seed", 0, 0, 200),
                record("harvest", 1200, 200, 250),
                record("final", 2400, 250, 900)));
    assertThat(text(html))
        .contains("shed&lt;1&gt;, step 0 seed 200 20.00 % – –")
        .contains("shed&lt;1&gt;, step 1,200 harvest 50 25.00 % 0.500 +0.0125")
        .contains("step 2,400 final 650 90.00 %");
    assertThat(html).contains("<svg ");
  }

  @Test
  void ofManyEventsSomeAreListed() {
    List<PruningRecord> records = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      records.add(record("scheduled", i, i, i + 1));
    }
    String html = html(records);
    assertThat(text(html)).contains("40 of 500 events").contains("step 0 ").contains("step 499 ");
    assertThat(html.split("<tr").length).isLessThan(45);
  }

  @Test
  void oneEventIsNoCurve() {
    assertThat(html(List.of(record("scheduled", 0, 0, 900)))).doesNotContain("<svg ");
  }
}
