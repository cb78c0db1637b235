package dev.jackpot.training;

import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.NetworkGradients.Sample;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.run.RescaleRecord;
import java.util.List;
import java.util.function.Function;

/**
 * Chooses one factor for each tensor of a network's parameters, by which the tensor is multiplied
 * before training (docs/rescaling.md).
 */
public interface Rescaling {
  /**
   * Finds what would fail later.
   *
   * @throws dev.jackpot.config.ConfigException if the options do not fit the data
   */
  default void check(Input input) {}

  /** The factors, and what is worth telling of how they came about. */
  RescaleRecord factors(Input input);

  /**
   * What a rule can ask for.
   *
   * @param stage its name, for messages
   * @param parameters the network's, in the order they were laid; averages have no factor
   * @param state values and masks by name
   * @param batches opens shuffled training batches by a sample's seed and batch size
   * @param batchSize images per training step of the stage
   * @param seed of the images, unless the rule has its own
   * @param stop whether the run was asked to stop
   */
  record Input(
      String stage,
      Network network,
      NetworkSpec spec,
      List<Parameter> parameters,
      State state,
      Runtime runtime,
      Function<Sample, Batches> batches,
      int batchSize,
      long seed,
      StopSignal stop) {
    public Input {
      parameters = List.copyOf(parameters);
    }

    /** The parameters that have a factor: all but batch norm's averages. */
    List<Parameter> scaled() {
      return parameters.stream().filter(p -> !p.role().isAverage()).toList();
    }
  }
}
