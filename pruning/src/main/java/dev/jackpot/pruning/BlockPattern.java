package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;

/**
 * Blocks of height × width of the kernel's matrix (rows: taps and input channels, columns:
 * filters), kept or pruned whole, laid from the first row and column. Where a size is no multiple
 * of the block's, the last blocks are cut off at the edge; a block's score is a mean, so that they
 * compare with the others.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record BlockPattern(int height, int width) implements Pattern {
  @Override
  public Units units(Parameter kernel) {
    KernelMatrix matrix = KernelMatrix.of(kernel);
    return new BlockUnits(kernel.shape(), matrix.rows(), matrix.columns(), height, width);
  }
}
