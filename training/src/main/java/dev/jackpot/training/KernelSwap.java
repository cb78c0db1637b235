package dev.jackpot.training;

import dev.jackpot.pruning.Swap;

/**
 * A swap of a network.
 *
 * @param kernel its name
 */
record KernelSwap(String kernel, Swap swap) {}
