package dev.jackpot.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.training.run.SheddingLines;
import dev.jackpot.training.run.SheddingMeasurement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SheddingSectionTest {
  private static String section(List<SheddingMeasurement> lines) {
    Html html = new Html();
    SheddingSection.write(html, lines);
    return html.toString();
  }

  @Test
  void saysNothingWhereNothingWasWatched() {
    assertThat(section(List.of())).isEmpty();
  }

  @Test
  void showsWhatIsShedBesideTheControl() {
    String html =
        section(
            List.of(
                SheddingLines.whole("<again>", 0, 0, 4),
                SheddingLines.event("<again>", 0, 3),
                SheddingLines.whole("<again>", 1, 6, 40)));
    assertThat(html).contains("<h3>&lt;again&gt;</h3>").doesNotContain("<again>");
    // 4 of 80, 40 of 80, 5 of 100; 45 points more are 36 weights for 20 pruned
    assertThat(html)
        .contains(
            "<th scope=\"row\">S_gmp(0.75)</th>\n<td>5.00 %</td>\n<td>50.00 %</td>\n<td>5.00 %</td>\n"
                + "<td>+45.00</td>\n<td>+1.80</td>")
        .contains("80 of 100 watched weights are live, 20 are pruned; of 10 units 2 are silent")
        .contains("S_free(0.125): 50.00 % of the live weights");
    assertThat(html.split("<figure>")).hasSize(5);
    assertThat(html).contains("fill:var(--stage0);fill-opacity:").doesNotContain("rgb(");
  }

  @Test
  void manyStagesAreNotAllDrawn() {
    List<SheddingMeasurement> lines = new ArrayList<>();
    for (int round = 1; round <= 9; round++) {
      lines.add(SheddingLines.whole("again/round-" + round, 0, 0, 4));
    }
    assertThat(section(lines)).contains("3 more stages are in shedding.jsonl.").contains("round-9");
  }
}
