package dev.jackpot.graph;

import dev.jackpot.config.Plugin;

/** A soft neuron from another jar: {@code soft_neurons { custom { name: "…" } }}. */
public interface SoftNeuronPlugin
    extends Plugin<dev.jackpot.config.proto.SoftNeurons, SoftNeuron> {}
