package dev.jackpot.pruning;

import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.util.List;
import java.util.Map;

/**
 * What a criterion may look at.
 *
 * @param kernels those to be scored, in the network's order
 * @param weights values by name, of these kernels at least
 * @param seed of whatever is drawn
 * @param network its gradients at these weights
 * @param rounds how the masks will be chosen, for a criterion that goes by rounds
 */
public record ScoringInput(
    List<Parameter> kernels,
    Map<String, HostTensor> weights,
    long seed,
    NetworkGradients network,
    Rounds rounds) {

  /** For criteria that go by weights alone, in one round. */
  public ScoringInput(List<Parameter> kernels, Map<String, HostTensor> weights, long seed) {
    this(kernels, weights, seed, NetworkGradients.NONE, Rounds.free(kernels, 0));
  }
}
