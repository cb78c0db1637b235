package dev.jackpot.training.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.jackpot.config.SweepCell;
import dev.jackpot.config.SweepPlan;
import dev.jackpot.config.proto.Axis;
import dev.jackpot.config.proto.Choice;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Sweep;
import dev.jackpot.training.report.SweepPage;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.sweep.table.CellOutcome;
import dev.jackpot.training.sweep.table.CellOutcome.Status;
import dev.jackpot.training.sweep.table.Statistic;
import dev.jackpot.training.sweep.table.SweepTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By hand: two masks, a recipe against its baseline, three seeds, one cell missing. */
class SweepTableTest {
  private static final Path ROOT = Path.of("root");
  private static final double[][] ACCURACIES = {
    // a/plain, a/new, b/plain, b/new
    {.50, .54, .60, .61},
    {.52, .55, .60, .60},
    {.54, .59, .63, Double.NaN},
  };

  private static Axis axis(String name, String... choices) {
    Axis.Builder axis = Axis.newBuilder().setName(name);
    for (String choice : choices) {
      axis.addChoices(Choice.newBuilder().setName(choice));
    }
    return axis.build();
  }

  private static final Sweep SWEEP =
      Sweep.newBuilder()
          .setName("hand <made>")
          .setBase("some")
          .addAxes(axis("mask", "a", "b"))
          .addAxes(axis("recipe", "plain", "new").toBuilder().setBaseline("plain"))
          .build();

  private static List<CellOutcome> outcomes() {
    List<CellOutcome> outcomes = new ArrayList<>();
    for (int seed = 0; seed < ACCURACIES.length; seed++) {
      int column = 0;
      for (String mask : List.of("a", "b")) {
        for (String recipe : List.of("plain", "new")) {
          double accuracy = ACCURACIES[seed][column++];
          SweepCell cell =
              new SweepCell(
                  List.of(mask, recipe), seed, List.of(), Experiment.getDefaultInstance());
          Path directory = SweepRunner.directory(ROOT, cell);
          outcomes.add(
              Double.isNaN(accuracy)
                  ? CellOutcome.incomplete(cell, directory, Status.FAILED, "it <broke>")
                  : CellOutcome.complete(
                      cell, directory, Status.DONE, Result.builder().accuracy(accuracy).build()));
        }
      }
    }
    return outcomes;
  }

  private static SweepPlan plan() {
    return new SweepPlan(SWEEP, outcomes().stream().map(CellOutcome::cell).toList());
  }

  @Test
  void meansAndGains() {
    SweepTable table = SweepTable.of(plan(), outcomes());
    assertThat(table.rows().stream().map(SweepTable.Row::choices))
        .containsExactly(
            List.of("a", "plain"), List.of("a", "new"), List.of("b", "plain"), List.of("b", "new"));
    Statistic plain = table.rows().get(0).accuracy();
    assertThat(plain.count()).isEqualTo(3);
    assertThat(plain.mean()).isCloseTo(.52, within(1e-12));
    assertThat(plain.deviation()).isCloseTo(.02, within(1e-12));
    assertThat(table.rows().get(0).gain()).isEmpty();
    Statistic gain = table.rows().get(1).gain().orElseThrow();
    assertThat(gain.mean()).isCloseTo(.04, within(1e-12)); // .04, .03, .05
    assertThat(gain.deviation()).isCloseTo(.01, within(1e-12));
    Statistic partial = table.rows().get(3).gain().orElseThrow();
    assertThat(partial.count()).isEqualTo(2); // the third seed is not complete
    assertThat(partial.mean()).isCloseTo(.005, within(1e-12));
    assertThat(table.rows().get(3).accuracy().count()).isEqualTo(2);
  }

  @Test
  void ofNoneAndOfOne() {
    assertThat(Statistic.of().mean()).isNaN();
    assertThat(Statistic.of(.3).mean()).isEqualTo(.3);
    assertThat(Statistic.of(.3).deviation()).isNaN();
  }

  @Test
  void theFileSaysTheSame() {
    JsonObject json = SweepFiles.toJson(ROOT, plan(), outcomes());
    assertThat(json.get("compared").toString())
        .isEqualTo("{\"axis\":\"recipe\",\"baseline\":\"plain\"}");
    assertThat(json.getAsJsonArray("rows")).hasSize(4);
    JsonObject row = json.getAsJsonArray("rows").get(1).getAsJsonObject();
    assertThat(row.getAsJsonObject("choices").get("recipe").getAsString()).isEqualTo("new");
    assertThat(row.get("gain_mean").getAsDouble()).isCloseTo(.04, within(1e-12));
    assertThat(json.getAsJsonArray("cells")).hasSize(12);
    JsonObject missing = json.getAsJsonArray("cells").get(11).getAsJsonObject();
    assertThat(missing.get("status").getAsString()).isEqualTo("failed");
    assertThat(missing.has("accuracy")).isFalse();
    assertThat(missing.get("directory").getAsString()).isEqualTo("cells/b/new/seed-2");
  }

  @Test
  void thePageShowsIt() {
    String page = SweepPage.of(plan(), SweepTable.of(plan(), outcomes()), outcomes());
    assertThat(page)
        .contains("hand &lt;made&gt;", "+4.00", "52.00 %", "11 of 12 cells complete")
        .contains("it &lt;broke&gt;", "Not complete")
        .containsAnyOf("Gain in points, ± one standard deviation", "could not be drawn");
  }
}
