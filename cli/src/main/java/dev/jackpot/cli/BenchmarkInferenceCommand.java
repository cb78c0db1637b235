package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.export.InferenceBenchmark;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot benchmark inference}: what SavedModels cost where they are served. */
@Command(
    name = "inference",
    description = {
      "Measures SavedModels: size on disk, load time, first and median latency, throughput, memory.",
      "Each is loaded by a process of its own; they take turns on random images."
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot benchmark inference models/dense models/packed --batch 1,32 --json")
final class BenchmarkInferenceCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(
      arity = "1..*",
      paramLabel = "MODEL",
      description = "SavedModels, folders of versions (the highest is measured), or runs.")
  private List<Path> models;

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,8,32",
      description = "Images in a forward pass (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of one op; 0: all cores (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--turns",
      paramLabel = "N",
      defaultValue = "20",
      description = "Forward passes of each model and batch size (default: ${DEFAULT-VALUE}).")
  private int turns;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "3",
      description = "Forward passes before them (default: ${DEFAULT-VALUE}).")
  private int warmup;

  @Override
  public void run() {
    batches.forEach(b -> OptionChecks.atLeast(spec, "--batch", b, 1));
    OptionChecks.atLeast(spec, "--threads", threads, 0);
    OptionChecks.atLeast(spec, "--turns", turns, 1);
    OptionChecks.atLeast(spec, "--warmup", warmup, 0);
    List<Path> found = models.stream().map(SavedModels::find).toList();
    List<InferenceBenchmark.Measurement> measured =
        new InferenceBenchmark(batches, turns, warmup).run(found, threads);
    output.print(() -> json(measured), out -> print(measured, out));
  }

  private void print(List<InferenceBenchmark.Measurement> measured, PrintWriter out) {
    Table table =
        new Table().text("MODEL").number("SIZE").number("LOAD").number("FIRST").number("MEMORY");
    batches.forEach(b -> table.number("BATCH " + b).number("IMAGES/S"));
    for (InferenceBenchmark.Measurement m : measured) {
      Object[] row = new Object[5 + 2 * batches.size()];
      row[0] = m.model();
      row[1] = Figures.bytes(m.bytes());
      row[2] = String.format(Locale.ROOT, "%.2f s", m.loadSeconds());
      row[3] = millis(m.firstMillis());
      row[4] = m.megabytes() < 0 ? "unknown" : String.format(Locale.ROOT, "%.0f MB", m.megabytes());
      for (int i = 0; i < batches.size(); i++) {
        InferenceBenchmark.Latency latency = m.latencies().get(i);
        row[5 + 2 * i] = millis(latency.medianMillis());
        row[6 + 2 * i] = String.format(Locale.ROOT, "%.1f", latency.imagesPerSecond());
      }
      table.row(row);
    }
    out.print(table);
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.1f ms", value);
  }

  private JsonObject json(List<InferenceBenchmark.Measurement> measured) {
    return Json.object(
        "threads",
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
        "turns",
        turns,
        "models",
        measured.stream()
            .map(
                m ->
                    Json.object(
                        "model", m.model(),
                        "bytes", m.bytes(),
                        "load_s", m.loadSeconds(),
                        "first_ms", m.firstMillis(),
                        "load_mb", m.loadMegabytes() < 0 ? null : m.loadMegabytes(),
                        "memory_mb", m.megabytes() < 0 ? null : m.megabytes(),
                        "batches",
                            m.latencies().stream()
                                .map(
                                    l ->
                                        Json.object(
                                            "batch", l.batch(),
                                            "median_ms", l.medianMillis(),
                                            "images_per_second", l.imagesPerSecond()))
                                .toList()))
            .toList());
  }
}
