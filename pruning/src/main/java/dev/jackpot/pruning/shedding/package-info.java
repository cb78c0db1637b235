/**
 * How much of a network has become negligible without being pruned (docs/shedding.md). Pure: arrays
 * in, numbers out.
 */
package dev.jackpot.pruning.shedding;
