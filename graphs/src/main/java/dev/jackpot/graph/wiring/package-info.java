/**
 * A network's layers as a graph of data: what is connected with what, channel by channel, without
 * TensorFlow. {@link dev.jackpot.graph.wiring.Wiring} is the graph, {@link
 * dev.jackpot.graph.wiring.Reachability} says what in it is dead.
 */
package dev.jackpot.graph.wiring;
