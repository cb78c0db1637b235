/**
 * Networks made smaller or wider as wirings with values: {@link
 * dev.jackpot.export.compaction.Compaction} removes what is dead, {@link
 * dev.jackpot.export.compaction.Widening} adds copies of hidden channels.
 */
package dev.jackpot.export.compaction;
