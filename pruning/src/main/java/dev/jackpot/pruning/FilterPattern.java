package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;

/**
 * Whole filters: all weights that make one output channel are kept or pruned together. A depthwise
 * kernel has one for each channel and multiplier.
 */
public final class FilterPattern implements Pattern {
  @Override
  public Units units(Parameter kernel) {
    KernelMatrix matrix = KernelMatrix.of(kernel);
    return new BlockUnits(
        kernel.shape(), matrix.rows(), matrix.columns(), Math.max(1, matrix.rows()), 1);
  }
}
