package dev.jackpot.cli;

import com.google.gson.JsonObject;
import dev.jackpot.training.Evaluation;
import dev.jackpot.training.InferenceGraph;
import dev.jackpot.training.TrainedNetwork;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.report.Figures;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jackpot evaluate}: accuracy and loss on the test images. */
@Command(
    name = "evaluate",
    description = "Measures accuracy and loss on the test images.",
    footerHeading = "%nExample:%n",
    footer = "  jackpot evaluate runs/quickstart")
final class EvaluateCommand implements Runnable {
  @Mixin private HelpOption help;
  @Mixin private NetworkArguments arguments;
  @Mixin private Output output;

  @Override
  public void run() {
    TrainedNetwork network = arguments.load();
    try (InferenceGraph graph =
            InferenceGraph.open(
                network.parts(), network.state(), network.parts().experiment().getRuntime());
        Batches test = network.parts().testBatches()) {
      long begun = System.nanoTime();
      Evaluation evaluation = graph.evaluate(test);
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
