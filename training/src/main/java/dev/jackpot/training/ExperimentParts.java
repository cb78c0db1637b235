package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.Seeds;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.ChannelNormalization;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.DataSets;
import dev.jackpot.training.data.ImageShape;
import dev.jackpot.training.data.Preparation;
import dev.jackpot.training.data.Split;
import dev.jackpot.training.run.EvaluationSplit;

/**
 * What a config names, made: its data set and its network.
 *
 * @param spec the network's images and classes
 * @param summary the network's parameters and costs
 */
public record ExperimentParts(
    Experiment experiment,
    DataSet data,
    Network network,
    NetworkSpec spec,
    NetworkSummary summary) {

  /**
   * Opens the data and lays the network once.
   *
   * @throws ConfigException if the data are not there or do not fit the network
   */
  public static ExperimentParts open(Experiment experiment) {
    Network network = Networks.REGISTRY.create(experiment.getNetwork());
    DataSet data = DataSets.open(experiment.getData());
    ImageShape shape = data.shape();
    NetworkSpec spec =
        NetworkSpec.of(
            experiment.getNetwork(),
            shape.height(),
            shape.width(),
            shape.channels(),
            data.classes());
    if (spec.classes() < data.classes()) {
      throw new ConfigException(
          "network.classes: expected at least the data set's %d, found %d"
              .formatted(data.classes(), spec.classes()));
    }
    return new ExperimentParts(experiment, data, network, spec, NetworkSummary.of(network, spec));
  }

  /** The same data and network for another experiment on them. */
  ExperimentParts with(Experiment other) {
    return new ExperimentParts(other, data, network, spec, summary);
  }

  /** Per-channel mean and standard deviation that images are normalised with. */
  public ChannelNormalization normalization() {
    return Preparation.normalization(data, experiment.getData());
  }

  /** The images on which the epochs are evaluated: the validation split's, or else the test's. */
  EvaluationImages evaluationImages() {
    return data.validation()
        .map(split -> new EvaluationImages(inOrder(split), EvaluationSplit.VALIDATION))
        .orElseGet(() -> new EvaluationImages(testBatches(), EvaluationSplit.TEST));
  }

  /** Test images in order. The caller closes it. */
  public Batches testBatches() {
    return inOrder(data.test());
  }

  private Batches inOrder(Split split) {
    return Batches.evaluation(
        split,
        Preparation.evaluation(data, experiment.getData()),
        experiment.getData().getEvaluationBatchSize(),
        experiment.getData().getPrefetch());
  }

  /** Training images for a criterion, shuffled and augmented. The caller closes it. */
  Batches sampleBatches(NetworkGradients.Sample sample) {
    Seeds seeds = new Seeds(sample.seed());
    return Batches.training(
        data.train(),
        Preparation.training(data, experiment.getData()),
        seeds.of("order"),
        seeds.of("augmentation"),
        sample.batchSize(),
        experiment.getData().getPrefetch());
  }

  /**
   * Training images, shuffled and augmented. The caller closes it.
   *
   * @param stage whose batch size is used and whose name gives it an order of its own
   */
  public Batches trainingBatches(Stage stage, Seeds seeds) {
    String name = StageKinds.nameOf(stage);
    return Batches.training(
        data.train(),
        Preparation.training(data, experiment.getData()),
        seeds.of("order/" + name),
        seeds.of("augmentation/" + name),
        stage.getBatchSize(),
        experiment.getData().getPrefetch());
  }
}
