package dev.jackpot.graph;

import dev.jackpot.config.Plugin;

/** A network from another jar. */
public interface NetworkPlugin extends Plugin<dev.jackpot.config.proto.Network, Network> {}
