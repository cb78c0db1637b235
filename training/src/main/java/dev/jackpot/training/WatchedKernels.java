package dev.jackpot.training;

import dev.jackpot.config.proto.Shedding;
import dev.jackpot.graph.FollowingNorm;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.PrunableKernels;
import dev.jackpot.pruning.shedding.WatchedKernel;
import java.util.List;

/** The kernels whose weights a stage watches. */
final class WatchedKernels {
  private final NetworkSummary network;
  private final List<Parameter> kernels;

  WatchedKernels(Shedding options, NetworkSummary network) {
    this.network = network;
    this.kernels = PrunableKernels.of(options.getKernels(), network.parameters());
  }

  /** In the network's order. */
  List<Parameter> parameters() {
    return kernels;
  }

  /** As they are in a state; what has no mask is live. Arrays are not copied. */
  List<WatchedKernel> in(State state) {
    return kernels.stream().map(k -> in(state, k)).toList();
  }

  private WatchedKernel in(State state, Parameter kernel) {
    float[] weights = state.get(kernel.name()).values();
    Mask live = state.mask(kernel).orElseGet(() -> Mask.full(kernel.shape()));
    FollowingNorm norm = network.norms().get(kernel.name());
    return norm == null
        ? WatchedKernel.bare(kernel, weights, live)
        : WatchedKernel.normed(
            kernel,
            weights,
            live,
            state.get(norm.gamma()).values(),
            state.get(norm.variance()).values(),
            norm.epsilon());
  }
}
