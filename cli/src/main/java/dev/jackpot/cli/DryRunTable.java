package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.training.DryRun;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What {@code jackpot run --dry-run} prints. */
final class DryRunTable {
  private DryRunTable() {}

  static void print(DryRun.Report report, PrintWriter out) {
    out.printf(
        "%s on %d×%d×%d images, %d classes: %s parameters, %s multiply-adds an image%n",
        report.network().title(),
        report.spec().height(),
        report.spec().width(),
        report.spec().channels(),
        report.spec().classes(),
        Figures.count(report.network().parameterCount()),
        Figures.count(report.network().multiplyAccumulates()));
    Table table = new Table().text("STAGE").number("BATCH").number("LOSS").number("FIRST STEP");
    for (DryRun.Step step : report.steps()) {
      table.row(
          step.stage(),
          Figures.count(step.batch()),
          String.format(Locale.ROOT, "%.3f", step.loss()),
          String.format(Locale.ROOT, "%.2f s", step.seconds()));
    }
    out.print(table);
    if (!Double.isNaN(report.peakMegabytes())) {
      out.printf(Locale.ROOT, "at most %.0f MB of memory%n", report.peakMegabytes());
    }
    out.println("Random values on random images: the losses say only that the steps work.");
  }

  static JsonObject json(DryRun.Report report) {
    return Json.object(
        "network", report.network().title(),
        "image", List.of(report.spec().height(), report.spec().width(), report.spec().channels()),
        "classes", report.spec().classes(),
        "parameters", report.network().parameterCount(),
        "multiply_accumulates", report.network().multiplyAccumulates(),
        "stages", report.steps().stream().map(DryRunTable::json).toList(),
        "peak_memory_mb", Double.isNaN(report.peakMegabytes()) ? null : report.peakMegabytes());
  }

  private static JsonObject json(DryRun.Step step) {
    return Json.object(
        "stage", step.stage(),
        "batch", step.batch(),
        "loss", step.loss(),
        "seconds", step.seconds());
  }
}
