package dev.jackpot.training;

import dev.jackpot.config.StagePoint;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.NetworkGradients;
import java.util.List;
import java.util.function.Function;

/**
 * What a stage can ask for when it begins.
 *
 * @param network that is trained
 * @param seed of whatever is drawn for masks and scores
 * @param points parameters and masks at a point of the run that the config refers to
 * @param gradients the network's at given parameters and masks
 * @param calibration losses on fixed training images
 */
public record StageContext(
    NetworkSummary network,
    long seed,
    Function<StagePoint, State> points,
    Function<State, NetworkGradients> gradients,
    Calibration calibration) {

  /** Of a stage that refers to no other and needs no gradients. */
  public static StageContext of(NetworkSummary network, long seed) {
    return new StageContext(
        network,
        seed,
        point -> {
          throw new IllegalStateException("nothing is known of " + point);
        },
        state -> NetworkGradients.NONE,
        (kernels, masked, sample) -> {
          throw new IllegalStateException("there are no images");
        });
  }

  /** The network's parameters in the order they were laid. */
  public List<Parameter> parameters() {
    return network.parameters();
  }
}
