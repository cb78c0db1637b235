package dev.jackpot.cli;

import com.google.gson.JsonParser;
import dev.jackpot.export.Inspect;
import dev.jackpot.export.Inspection;
import dev.jackpot.training.Checkpoint;
import dev.jackpot.training.report.Figures;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jackpot inspect PATH}: what lies there. */
@Command(
    name = "inspect",
    description = {
      "Shows what a run, checkpoint, model or mask file holds.",
      "Also of .npz files: names, types, shapes and how many values are not zero."
    },
    footerHeading = "%nExample:%n",
    footer = "  jackpot inspect runs/quickstart/saved_model/1")
final class InspectCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(
      paramLabel = "PATH",
      description =
          "A run, a checkpoint, an .npz or .masks file, a checkpoint's prefix or a SavedModel.")
  private Path path;

  @Override
  public void run() {
    Inspection found = Inspect.of(path);
    Map<String, String> facts = new LinkedHashMap<>(facts(path));
    facts.putAll(found.facts());
    Inspection inspection = new Inspection(found.kind(), found.path(), facts, found.arrays());
    output.print(() -> JsonParser.parseString(inspection.toJson()), out -> print(inspection, out));
  }

  /** What a run's or a checkpoint's own files say beside its arrays. */
  private static Map<String, String> facts(Path path) {
    Map<String, String> facts = new LinkedHashMap<>();
    if (Checkpoint.isAt(path)) {
      Checkpoint checkpoint = Checkpoint.open(path);
      facts.put("stage", checkpoint.stage());
      facts.put("epochs done", String.valueOf(checkpoint.progress().epoch()));
      facts.put("steps done", String.valueOf(checkpoint.progress().step()));
    } else if (SavedModels.isRun(path)) {
      RunDirectory run = RunDirectory.open(path);
      facts.put("name", run.readConfig().getName());
      if (Files.exists(run.result())) {
        Result result = Result.read(run.result());
        facts.put("accuracy", Figures.percent(result.accuracy()));
        facts.put("sparsity", Figures.percent(result.sparsity()));
      }
    }
    return facts;
  }

  private static void print(Inspection inspection, PrintWriter out) {
    out.printf("%s: %s%n", inspection.path(), inspection.kind());
    inspection.facts().forEach((name, value) -> out.printf("  %s: %s%n", name, value));
    if (inspection.arrays().isEmpty()) {
      return;
    }
    out.println();
    Table table =
        new Table()
            .text("ARRAY")
            .text("TYPE")
            .number("SHAPE")
            .number("SIZE")
            .number("NON-ZERO")
            .number("DENSITY");
    for (Inspection.Entry array : inspection.arrays()) {
      boolean counted = array.nonzero() != null;
      table.row(
          array.name(),
          array.dtype(),
          array.shape().isEmpty()
              ? "scalar"
              : array.shape().stream().map(String::valueOf).collect(Collectors.joining("×")),
          Figures.count(array.size()),
          counted ? Figures.count(array.nonzero()) : "",
          counted && array.size() > 0
              ? Figures.percent((double) array.nonzero() / array.size())
              : "");
    }
    out.print(table);
    out.printf(
        "%n%d arrays, %s values%n",
        inspection.arrays().size(),
        Figures.count(inspection.arrays().stream().mapToLong(Inspection.Entry::size).sum()));
  }
}
