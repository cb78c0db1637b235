package dev.jackpot.graph;

import dev.jackpot.config.proto.Ghosts;
import java.util.Optional;

/**
 * Which ghosts a forward pass has: what is in a network for the first epochs of its training only
 * (docs/sparse-training.md). Two scalar variables of the graph say how much of them there is; they
 * may be assigned between any two runs.
 *
 * @param neurons what stands in for every ReLU; {@link #NEURON} is its scalar
 * @param skips whether there is a skip around every convolution that is a place for one; {@link
 *     #SKIP} is what the skips are multiplied by, α
 */
public record GhostForm(Optional<SoftNeuron> neurons, boolean skips) {
  /** Name of the variable with the soft neurons' scalar. */
  public static final String NEURON = "ghost/neuron";

  /** Name of the variable with α. */
  public static final String SKIP = "ghost/skip";

  /** The plain network. */
  public static final GhostForm NONE = new GhostForm(Optional.empty(), false);

  /** As a stage has them. */
  public static GhostForm of(Ghosts config) {
    return new GhostForm(
        config.hasSoftNeurons()
            ? Optional.of(SoftNeurons.REGISTRY.create(config.getSoftNeurons()))
            : Optional.empty(),
        config.hasSkips());
  }
}
