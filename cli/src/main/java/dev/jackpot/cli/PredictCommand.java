package dev.jackpot.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.training.data.ImageShape;
import dev.jackpot.training.data.ImageView;
import dev.jackpot.training.report.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jackpot predict MODEL IMAGE…}: classifies image files. */
@Command(
    name = "predict",
    description = "Classifies image files with a SavedModel.",
    footerHeading = "%nExample:%n",
    footer = "  jackpot predict runs/quickstart photo.png --top 3")
final class PredictCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private HelpOption help;
  @Mixin private Output output;

  @Parameters(
      index = "0",
      paramLabel = "SAVED_MODEL|RUN",
      description = "A SavedModel's folder, or a run that has exported one.")
  private Path model;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Image files: PNG, JPEG, GIF or BMP.")
  private List<Path> images;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "1",
      description = "Show the N most probable classes (default: ${DEFAULT-VALUE}).")
  private int top;

  @Override
  public void run() {
    if (top < 1) {
      throw new ParameterException(
          spec.commandLine(), "--top: found %d, expected at least 1".formatted(top));
    }
    Path savedModel = SavedModels.find(model);
    try (Predictor predictor = Predictor.load(savedModel)) {
      ImageView view = predictor.view();
      Map<Path, ImageView.Shown> shown = new LinkedHashMap<>();
      images.forEach(path -> shown.put(path, view.show(path.toString(), read(path))));
      Map<Path, List<Predictor.Prediction>> predictions = new LinkedHashMap<>();
      shown.forEach(
          (path, image) -> {
            ImageShape size = image.stored();
            if (size.height() != predictor.height() || size.width() != predictor.width()) {
              output
                  .err()
                  .printf(
                      "%s: resized from %d×%d to %d×%d%n",
                      path, size.width(), size.height(), predictor.width(), predictor.height());
            }
            predictions.put(path, predictor.predict(image.pixels(), top));
          });
      output.print(
          () -> json(predictions),
          out ->
              predictions.forEach(
                  (path, best) ->
                      best.forEach(
                          p ->
                              out.printf(
                                  "%s: %s%s %s%n",
                                  path,
                                  p.label(),
                                  p.name().isEmpty() ? "" : " " + p.name(),
                                  Figures.percent(p.probability())))));
    }
  }

  private static byte[] read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ConfigException("%s: no such image file".formatted(path));
    }
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", path, e);
    }
  }

  private static JsonArray json(Map<Path, List<Predictor.Prediction>> predictions) {
    return Json.array(
        predictions.entrySet().stream()
            .map(
                e ->
                    Json.object(
                        "image", e.getKey(),
                        "predictions", e.getValue().stream().map(PredictCommand::json).toList()))
            .toList());
  }

  private static JsonObject json(Predictor.Prediction prediction) {
    return Json.object(
        "label", prediction.label(),
        "class", prediction.name().isEmpty() ? null : prediction.name(),
        "probability", prediction.probability());
  }
}
