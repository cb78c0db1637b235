package dev.jackpot.training.run;

import com.google.gson.JsonObject;

/**
 * What one epoch of one stage measured: a line of metrics.jsonl. A number that was not measured is
 * NaN, and absent from the line.
 *
 * @param stage the stage's name
 * @param epoch epochs of the stage that are finished, this one included
 * @param step training steps taken so far, as the training state counts them
 * @param loss mean over the epoch's training batches
 * @param trainAccuracy share of the training images classified correctly while training, in [0, 1]
 * @param accuracy share of the split's images classified correctly after the epoch, in [0, 1]
 * @param split whose images the accuracy is of
 * @param learningRate at the epoch's last step
 * @param sparsity pruned / all, over the prunable kernels
 * @param swaps weights of the masks that changed sides during the epoch, counted once a pair; 0
 *     where nothing is searched
 * @param imagesPerSecond training images per second of the epoch's training time
 * @param seconds wall-clock time of the epoch, evaluation included
 */
public record EpochMetrics(
    String stage,
    int epoch,
    long step,
    double loss,
    double trainAccuracy,
    double accuracy,
    EvaluationSplit split,
    double learningRate,
    double sparsity,
    long swaps,
    double imagesPerSecond,
    double seconds) {

  /** Measured on the test images. */
  public EpochMetrics(
      String stage,
      int epoch,
      long step,
      double loss,
      double trainAccuracy,
      double accuracy,
      double learningRate,
      double sparsity,
      long swaps,
      double imagesPerSecond,
      double seconds) {
    this(
        stage,
        epoch,
        step,
        loss,
        trainAccuracy,
        accuracy,
        EvaluationSplit.TEST,
        learningRate,
        sparsity,
        swaps,
        imagesPerSecond,
        seconds);
  }

  /** As one line of JSON, without its line end. */
  String toJson() {
    JsonObject o = new JsonObject();
    o.addProperty("stage", stage);
    o.addProperty("epoch", epoch);
    o.addProperty("step", step);
    JsonFields.add(o, "loss", loss);
    JsonFields.add(o, "train_accuracy", trainAccuracy);
    JsonFields.add(o, "accuracy", accuracy);
    o.addProperty("split", split.label());
    JsonFields.add(o, "learning_rate", learningRate);
    JsonFields.add(o, "sparsity", sparsity);
    o.addProperty("swaps", swaps);
    JsonFields.add(o, "images_per_second", imagesPerSecond);
    JsonFields.add(o, "seconds", seconds);
    return JsonFields.line(o);
  }

  /**
   * @param place where the line stands, for messages
   * @throws dev.jackpot.config.JackpotException if the line is not one of ours
   */
  static EpochMetrics parse(String place, String line) {
    JsonFields f = JsonFields.parse(place, line);
    return new EpochMetrics(
        f.string("stage"),
        f.count("epoch"),
        f.integer("step"),
        f.number("loss"),
        f.number("train_accuracy"),
        f.number("accuracy"),
        f.choice("split", EvaluationSplit.values(), EvaluationSplit::label, EvaluationSplit.TEST),
        f.number("learning_rate"),
        f.number("sparsity"),
        f.integer("swaps", 0),
        f.number("images_per_second"),
        f.number("seconds"));
  }
}
