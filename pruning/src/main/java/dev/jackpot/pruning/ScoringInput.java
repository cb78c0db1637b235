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
 */
public record ScoringInput(List<Parameter> kernels, Map<String, HostTensor> weights, long seed) {}
