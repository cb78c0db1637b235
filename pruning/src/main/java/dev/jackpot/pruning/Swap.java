package dev.jackpot.pruning;

/**
 * An exchange of one kernel's weights: some come back, others go. Single weights, or blocks.
 *
 * @param revived row-major indices of the weights that are pruned now and kept afterwards
 * @param removed row-major indices of the weights that are kept now and pruned afterwards
 */
public record Swap(int[] revived, int[] removed) {}
