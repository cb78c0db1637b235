package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.export.ExportReport;
import dev.jackpot.export.ModelVersions;
import dev.jackpot.training.TrainedNetwork;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code jackpot export}: a SavedModel that was compared with the training graph. */
@Command(
    name = "export",
    description = {
      "Writes a SavedModel for TensorFlow Serving (docs/saved-model.md).",
      "Another process loads it again, and it is compared with the training graph on test images;",
      "one that differs is not left behind."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  jackpot export runs/quickstart --out models/quickstart --storage packed",
      "  jackpot export runs/quickstart --out models/quickstart/7 --set"
          + " export.fold_batch_norm=true",
      "  jackpot export runs/quickstart --frozen quickstart.pb"
    })
final class ExportCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;
  @Mixin private NetworkArguments arguments;
  @Mixin private Output output;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = {
        "The model's folder, which gets a new version: models/NAME/1, then 2, …",
        "A folder named by a number, or one that is a SavedModel, is written or replaced itself."
      })
  private Path directory;

  @Option(
      names = "--frozen",
      paramLabel = "FILE",
      description = "Write a frozen GraphDef there, with --out or in its place.")
  private Path frozen;

  @Option(
      names = "--storage",
      paramLabel = "STORAGE",
      description = "dense or packed (as --set export.storage=…).")
  private Export.Storage storage;

  @Option(
      names = "--values",
      paramLabel = "TYPE",
      description = "float32, float16 or bfloat16; with packed (as --set export.values=…).")
  private Export.Values values;

  @Override
  public void run() {
    if (directory == null && frozen == null) {
      throw new ParameterException(
          spec.commandLine(), "expected --out DIR or --frozen FILE, or both");
    }
    Optional<Path> target = Optional.ofNullable(directory);
    target.ifPresent(ModelVersions::target); // what cannot be written is refused now
    if (frozen != null && Files.isDirectory(frozen)) {
      throw new ConfigException("--frozen: %s is a folder; expected a file".formatted(frozen));
    }
    TrainedNetwork network = arguments.load(sets());
    Export options = network.parts().experiment().getExport();
    Optional<ExportReport> report =
        target.map(t -> network.export(t, options, arguments.manifest()));
    if (frozen != null) {
      network.freeze(frozen, options);
    }
    output.print(
        () -> {
          JsonObject json = report.map(ExportCommand::json).orElseGet(JsonObject::new);
          if (frozen != null) {
            json.addProperty("frozen", frozen.toString());
          }
          return json;
        },
        out -> {
          report.ifPresent(r -> print(r, out));
          if (frozen != null) {
            out.printf("%s: frozen GraphDef%n", frozen);
          }
        });
  }

  /** The options here as settings of the config, so that its rules hold for them. */
  private List<String> sets() {
    List<String> sets = new ArrayList<>();
    if (storage != null) {
      sets.add("export.storage=" + storage);
    }
    if (values != null) {
      sets.add("export.values=" + values);
    }
    return sets;
  }

  private static void print(ExportReport report, PrintWriter out) {
    ExportReport.KernelCount total = report.total();
    out.printf("%s: %s%n", report.directory(), Figures.bytes(report.bytes()));
    out.printf(
        "kept %s of %s kernel weights (%s)%s%n",
        Figures.count(total.nonzero()),
        Figures.count(total.size()),
        Figures.percent((double) total.nonzero() / total.size()),
        report.foldedBatchNorms() == 0
            ? ""
            : ", %d batch norms folded".formatted(report.foldedBatchNorms()));
    packing(report, out);
    out.printf(
        Locale.ROOT,
        "compared on %s images: largest relative difference of a logit %.2g, %s labels equal%n",
        Figures.count(report.images()),
        report.logitDifference(),
        report.labelsAgreeing() == report.images()
            ? "all"
            : Figures.count(report.labelsAgreeing()));
    report.rounding().ifPresent(r -> rounding(r, report.images(), out));
  }

  /** What packing saves; where it saves nothing, why. */
  private static void packing(ExportReport report, PrintWriter out) {
    long saved = report.denseBytes() - report.bytes();
    if (saved > 0) {
      out.printf(
          "packed: %s less than dense; positions take %s (no code could do with less than %s on"
              + " average)%n",
          Figures.bytes(saved),
          Figures.bytes(report.total().positionBytes()),
          Figures.bytes(Math.round(report.entropyBytes())));
    } else if (report.packed()) {
      out.printf("packed: nothing is saved, since hardly a weight is zero%n");
    }
  }

  private static void rounding(ExportReport.Rounding rounding, int images, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: accuracy %s, before rounding %s; largest relative change of a logit %.2g, %s of %s"
            + " labels changed%n",
        rounding.values(),
        Figures.percent(rounding.roundedAccuracy()),
        Figures.percent(rounding.accuracy()),
        rounding.logitDifference(),
        Figures.count(rounding.labelsChanged()),
        Figures.count(images));
    if (rounding.weightsLost() > 0) {
      out.printf(
          "%s: %s weights were too small and became zero%n",
          rounding.values(), Figures.count(rounding.weightsLost()));
    }
  }

  private static JsonObject json(ExportReport report) {
    Map<String, JsonObject> kernels = new LinkedHashMap<>();
    report
        .kernels()
        .forEach(
            (name, count) ->
                kernels.put(
                    name,
                    Json.object(
                        "size", count.size(),
                        "nonzero", count.nonzero(),
                        "code", count.code(),
                        "position_bytes", count.positionBytes(),
                        "value_bytes", count.valueBytes(),
                        "entropy_bytes", count.entropyBytes())));
    return Json.object(
        "saved_model", report.directory(),
        "bytes", report.bytes(),
        "dense_bytes", report.denseBytes(),
        "position_bytes", report.total().positionBytes(),
        "value_bytes", report.total().valueBytes(),
        "entropy_bytes", report.entropyBytes(),
        "images", report.images(),
        "logit_difference", report.logitDifference(),
        "signature_difference", report.signatureDifference(),
        "labels_agreeing", report.labelsAgreeing(),
        "folded_batch_norms", report.foldedBatchNorms(),
        "kernel_weights", report.total().size(),
        "kernel_nonzero", report.total().nonzero(),
        "kernels", kernels,
        "rounding",
            report
                .rounding()
                .map(
                    r ->
                        Json.object(
                            "values", r.values(),
                            "accuracy", r.accuracy(),
                            "rounded_accuracy", r.roundedAccuracy(),
                            "logit_difference", r.logitDifference(),
                            "labels_changed", r.labelsChanged(),
                            "weights_lost", r.weightsLost())));
  }
}
