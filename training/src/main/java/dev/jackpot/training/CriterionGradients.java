package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.StagePoint;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Weights;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.pruning.NetworkGradients;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.training.data.Batches;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** The gradients of an experiment's network at given values, for criteria. */
public final class CriterionGradients {
  private CriterionGradients() {}

  /**
   * Of an experiment that is open.
   *
   * @param state values and masks by name
   * @param points everything at a point of the run
   */
  static NetworkGradients of(
      ExperimentParts parts, State state, Function<StagePoint, State> points) {
    return SampledGradients.of(
            parts.network(),
            parts.spec(),
            state,
            parts.experiment().getRuntime(),
            sample -> batches(parts, sample))
        .with(
            source ->
                source.hasStage()
                    ? SearchedScores.of(
                        points.apply(StagePoint.parse(source.getStage())),
                        parts.summary().kernels())
                    : SearchedScores.ofFile(parts.experiment(), source));
  }

  /**
   * Of an experiment whose data are opened when a criterion asks for them.
   *
   * @param values of the network's parameters by name
   * @throws ConfigException if the data do not tell their images' shape without being opened, and
   *     are not there
   */
  public static NetworkGradients of(Experiment experiment, Map<String, HostTensor> values) {
    return SampledGradients.of(
            Networks.REGISTRY.create(experiment.getNetwork()),
            NetworkSpecs.of(experiment),
            new State(values),
            experiment.getRuntime(),
            sample -> batches(ExperimentParts.open(experiment), sample))
        .with(source -> SearchedScores.ofFile(experiment, source));
  }

  private static Batches batches(ExperimentParts parts, Sample sample) {
    int images = parts.data().train().size();
    if (sample.batchSize() > images) {
      throw new ConfigException(
          "criterion.sample.batch_size: found %d; expected at most the %d training images there are"
              .formatted(sample.batchSize(), images));
    }
    return parts.sampleBatches(sample);
  }

  /**
   * Of any network on any images.
   *
   * @param values of the network's parameters by name
   * @param batches opens training batches of a sample's size; those of the first epoch are used,
   *     from the first on
   */
  public static NetworkGradients of(
      Network network,
      NetworkSpec spec,
      Map<String, HostTensor> values,
      Runtime runtime,
      Function<Sample, Batches> batches) {
    return SampledGradients.of(network, spec, new State(values), runtime, batches);
  }

  /**
   * Of a network that has no images: flow only.
   *
   * @param experiment only its network, and the image size of its data, are used
   * @param values of the network's parameters by name
   * @param remedy how to name the data, for the message
   */
  public static NetworkGradients withoutData(
      Experiment experiment, Map<String, HostTensor> values, String remedy) {
    return SampledGradients.of(
            Networks.REGISTRY.create(experiment.getNetwork()),
            NetworkSpecs.of(experiment),
            new State(values),
            experiment.getRuntime(),
            sample -> {
              throw new ConfigException(
                  "criterion: this one takes gradients from training images, and none are named; "
                      + remedy);
            })
        .with(source -> SearchedScores.ofFile(experiment, source));
  }

  /**
   * Of weights whose network is not known: searched scores only, if the weights are a run's or a
   * checkpoint's.
   *
   * @param remedy how to name the network, for the message
   */
  public static NetworkGradients withoutNetwork(Path weights, String remedy) {
    Experiment experiment =
        Experiment.newBuilder()
            .setWeights(Weights.newBuilder().setPath(weights.toString()))
            .build();
    return NetworkGradients.none(remedy).with(source -> SearchedScores.ofFile(experiment, source));
  }
}
