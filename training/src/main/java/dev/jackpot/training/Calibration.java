package dev.jackpot.training;

import dev.jackpot.graph.Parameter;
import dev.jackpot.pruning.NetworkGradients.Sample;
import java.util.Collection;
import java.util.Set;

/** Opens the network on fixed training images, for losses beside the training. */
@FunctionalInterface
public interface Calibration {
  /**
   * The caller closes it.
   *
   * @param kernels whose weights may be left out
   * @param masked names of all kernels that have masks
   * @param sample the images
   */
  FreePruning open(Collection<Parameter> kernels, Set<String> masked, Sample sample);
}
