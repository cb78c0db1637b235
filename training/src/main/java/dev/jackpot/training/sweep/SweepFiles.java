package dev.jackpot.training.sweep;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.SweepPlan;
import dev.jackpot.training.report.SweepPage;
import dev.jackpot.training.sweep.table.CellOutcome;
import dev.jackpot.training.sweep.table.SweepTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a sweep writes beside its cells: sweep.json and sweep.html. */
public final class SweepFiles {
  private SweepFiles() {}

  /** The page of the table. */
  public static Path page(Path root) {
    return root.resolve("sweep.html");
  }

  /** Replaces both, whole or not at all. */
  public static void write(Path root, SweepPlan plan, List<CellOutcome> outcomes) {
    String json =
        new GsonBuilder()
            .disableHtmlEscaping()
            .setPrettyPrinting()
            .create()
            .toJson(toJson(root, plan, outcomes));
    AtomicFiles.write(root.resolve("sweep.json"), json + "\n");
    AtomicFiles.write(page(root), SweepPage.of(plan, SweepTable.of(plan, outcomes), outcomes));
  }

  /** sweep.json, also for {@code --json}. A number that was not measured is absent. */
  public static JsonObject toJson(Path root, SweepPlan plan, List<CellOutcome> outcomes) {
    SweepTable table = SweepTable.of(plan, outcomes);
    JsonObject o = new JsonObject();
    o.addProperty("name", plan.sweep().getName());
    o.addProperty("base", plan.sweep().getBase());
    plan.comparedAxis()
        .ifPresent(
            axis -> {
              JsonObject compared = new JsonObject();
              compared.addProperty("axis", plan.sweep().getAxes(axis).getName());
              compared.addProperty("baseline", plan.sweep().getAxes(axis).getBaseline());
              o.add("compared", compared);
            });
    JsonArray rows = new JsonArray();
    for (SweepTable.Row row : table.rows()) {
      JsonObject r = choices(table.axes(), row.choices());
      r.addProperty("runs", row.accuracy().count());
      add(r, "accuracy_mean", row.accuracy().mean());
      add(r, "accuracy_std", row.accuracy().deviation());
      row.gain().ifPresent(gain -> add(r, "gain_mean", gain.mean()));
      row.gain().ifPresent(gain -> add(r, "gain_std", gain.deviation()));
      rows.add(r);
    }
    o.add("rows", rows);
    JsonArray cells = new JsonArray();
    for (CellOutcome outcome : outcomes) {
      JsonObject c = choices(table.axes(), outcome.cell().choices());
      c.addProperty("seed", outcome.cell().seed());
      c.addProperty("status", outcome.status().name().toLowerCase(Locale.ROOT));
      c.addProperty("directory", root.relativize(outcome.directory()).toString());
      outcome.result().ifPresent(r -> add(c, "accuracy", r.accuracy()));
      outcome.result().ifPresent(r -> add(c, "sparsity", r.sparsity()));
      outcome.result().ifPresent(r -> add(c, "seconds", r.seconds()));
      if (!outcome.message().isEmpty()) {
        c.addProperty("message", outcome.message());
      }
      cells.add(c);
    }
    o.add("cells", cells);
    return o;
  }

  private static JsonObject choices(List<String> axes, List<String> choices) {
    JsonObject named = new JsonObject();
    for (int i = 0; i < axes.size(); i++) {
      named.addProperty(axes.get(i), choices.get(i));
    }
    JsonObject o = new JsonObject();
    o.add("choices", named);
    return o;
  }

  private static void add(JsonObject object, String name, double value) {
    if (Double.isFinite(value)) {
      object.addProperty(name, value);
    }
  }
}
