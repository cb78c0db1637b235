package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.export.ExportReport;
import dev.jackpot.training.TrainedNetwork;
import dev.jackpot.training.report.Figures;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jackpot export}: a SavedModel that was compared with the training graph. */
@Command(
    name = "export",
    description = {
      "Writes a SavedModel for TensorFlow Serving.",
      "It is loaded again and compared with the training graph on test images; one that differs",
      "is not left behind."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  jackpot export runs/quickstart --out models/quickstart/1 --set"
            + " export.fold_batch_norm=true")
final class ExportCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private NetworkArguments arguments;
  @Mixin private Output output;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The SavedModel's own folder, for instance models/NAME/1.")
  private Path directory;

  @Override
  public void run() {
    TrainedNetwork network = arguments.load();
    ExportReport report = network.export(directory, network.parts().experiment().getExport());
    output.print(() -> json(report), out -> print(report, out));
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
    out.printf(
        Locale.ROOT,
        "compared on %s images: largest relative difference of a logit %.2g, %s labels equal%n",
        Figures.count(report.images()),
        report.logitDifference(),
        report.labelsAgreeing() == report.images()
            ? "all"
            : Figures.count(report.labelsAgreeing()));
  }

  private static JsonObject json(ExportReport report) {
    Map<String, JsonObject> kernels = new LinkedHashMap<>();
    report
        .kernels()
        .forEach(
            (name, count) ->
                kernels.put(name, Json.object("size", count.size(), "nonzero", count.nonzero())));
    return Json.object(
        "saved_model", report.directory(),
        "bytes", report.bytes(),
        "images", report.images(),
        "logit_difference", report.logitDifference(),
        "signature_difference", report.signatureDifference(),
        "labels_agreeing", report.labelsAgreeing(),
        "folded_batch_norms", report.foldedBatchNorms(),
        "kernel_weights", report.total().size(),
        "kernel_nonzero", report.total().nonzero(),
        "kernels", kernels);
  }
}
