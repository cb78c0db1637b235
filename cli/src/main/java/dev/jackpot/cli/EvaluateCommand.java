package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentLoader;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.export.ModelVersions;
import dev.jackpot.training.Evaluation;
import dev.jackpot.training.ExperimentParts;
import dev.jackpot.training.InferenceGraph;
import dev.jackpot.training.ServedNetwork;
import dev.jackpot.training.TrainedNetwork;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.Split;
import dev.jackpot.training.report.Figures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jackpot evaluate}: accuracy and loss on the test images. */
@Command(
    name = "evaluate",
    description = {
      "Measures accuracy and loss on the test images.",
      "A SavedModel is measured on those of the config that lies in it."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  jackpot evaluate runs/quickstart", "  jackpot evaluate models/quickstart/1"})
final class EvaluateCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private NetworkArguments arguments;
  @Mixin private Output output;

  @Option(
      names = "--config",
      paramLabel = "CONFIG|PRESET",
      description = "Whose test images a SavedModel is measured on, if not its own config's.")
  private String config;

  @Override
  public void run() {
    Optional<Path> savedModel = ModelVersions.newest(Path.of(arguments.source()));
    if (savedModel.isPresent()) {
      evaluate(savedModel.get());
    } else if (config != null) {
      throw new ConfigException(
          "--config is for SavedModels; %s is none".formatted(arguments.source()));
    } else {
      evaluate(arguments.load());
    }
  }

  private void evaluate(TrainedNetwork network) {
    try (InferenceGraph graph =
            InferenceGraph.open(
                network.parts(), network.state(), network.parts().experiment().getRuntime());
        Batches test = network.parts().testBatches()) {
      print(() -> graph.evaluate(test));
    }
  }

  private void evaluate(Path savedModel) {
    Experiment experiment = ExperimentLoader.load(config(savedModel), arguments.sets());
    Split test = ExperimentParts.open(experiment).data().test();
    try (ServedNetwork network = ServedNetwork.load(savedModel, experiment.getRuntime())) {
      print(() -> network.evaluate(test, experiment.getData().getEvaluationBatchSize()));
    }
  }

  private String config(Path savedModel) {
    if (config != null) {
      return config;
    }
    Path own = savedModel.resolve("assets.extra").resolve("config.textproto");
    if (!Files.isRegularFile(own)) {
      throw new ConfigException(
          "%s: no config lies in this SavedModel; say whose test images: --config CONFIG"
              .formatted(savedModel));
    }
    return own.toString();
  }

  private void print(Supplier<Evaluation> measuring) {
    long begun = System.nanoTime();
    Evaluation evaluation = measuring.get();
    double seconds = (System.nanoTime() - begun) / 1e9;
    double rate = evaluation.images() / seconds;
    output.print(
        () -> json(evaluation, rate),
        out ->
            out.printf(
                Locale.ROOT,
                "accuracy %s (%s of %s), loss %.4f, %s images/s%n",
                Figures.percent(evaluation.accuracy()),
                Figures.count(evaluation.correct()),
                Figures.count(evaluation.images()),
                evaluation.loss(),
                Figures.count(Math.round(rate))));
  }

  private static JsonObject json(Evaluation evaluation, double rate) {
    return Json.object(
        "accuracy", evaluation.accuracy(),
        "loss", evaluation.loss(),
        "correct", evaluation.correct(),
        "images", evaluation.images(),
        "images_per_second", rate);
  }
}
