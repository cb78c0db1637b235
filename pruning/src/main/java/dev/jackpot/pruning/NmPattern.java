package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;

/**
 * N:M along input channels: of every M consecutive input channels at one tap of one filter, exactly
 * the N with the highest scores are kept. Groups are laid from channel 0. If the number of channels
 * is no multiple of M, the last group is shorter, as if it were filled up with pruned weights: of
 * its r channels min(N, r) are kept.
 *
 * <p>A filter of a depthwise kernel sees one channel, a group by itself: these kernels stay dense.
 *
 * @param n kept in each group, 1 to m
 * @param m channels in a group
 */
public record NmPattern(int n, int m) implements Pattern {
  @Override
  public Units units(Parameter kernel) {
    return new NmUnits(kernel.shape(), KernelMatrix.of(kernel), n, m);
  }
}
