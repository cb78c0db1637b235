package dev.jackpot.training.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackpot.config.SweepPlan;
import dev.jackpot.training.ExperimentService;
import dev.jackpot.training.StopSignal;
import dev.jackpot.training.sweep.table.CellOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pruned shares whose cells are watched and share one control. */
class SweepSheddingTest {
  private static final String BASE =
      """
      runtime { threads: 1 device: CPU }
      data { custom { name: "tiny" } evaluation_batch_size: 20 }
      network { cifar_resnet { depth: 8 width: 4 } }
      stages {
        name: "again" sparse_train { prune {} } epochs: 1 batch_size: 16
        shedding { control { path: "%s" } }
      }
      """;

  private static final String SWEEP =
      """
      base: "base.textproto"
      axes {
        name: "p"
        choices { name: "none" set: "stages.again.sparse_train.prune.sparsity=0" }
        choices { name: "0.3" set: "stages.again.sparse_train.prune.sparsity=0.3" }
      }
      seeds: [1]
      """;

  @TempDir Path temp;

  @Test
  void thePageHasThePlotsOfItsCells() throws IOException {
    Path controls = temp.resolve("controls");
    Files.writeString(temp.resolve("base.textproto"), BASE.formatted(controls));
    Path file = Files.writeString(temp.resolve("sweep.textproto"), SWEEP);
    SweepPlan plan = SweepPlan.load(file.toString(), List.of(), false);
    Path root = temp.resolve("root");
    List<CellOutcome> outcomes =
        new SweepRunner(
                plan,
                root,
                (cell, directory, stop) ->
                    ExperimentService.run(cell.experiment(), directory, true, List.of(), stop),
                o -> {},
                new StopSignal())
            .run(1);
    SweepFiles.write(root, plan, outcomes);
    String page = Files.readString(SweepFiles.page(root));
    assertThat(page)
        .contains(
            "<h2>Shedding</h2>",
            "Excess of S_rel by epoch",
            "Excess of S_gmp by epoch",
            "Accuracy over density",
            "Gain over the excess of S_rel",
            "none");
    // what prunes nothing is its control
    String row = page.substring(page.lastIndexOf("none</th>"));
    assertThat(row.substring(0, row.indexOf("</tr>")))
        .contains("<td>0.00 %</td>", "<td>±0.00</td>");
    try (var entries = Files.list(controls)) {
      assertThat(entries).hasSize(1);
    }
  }
}
