package dev.jackpot.training;

import dev.jackpot.config.Plugin;

/** An optimizer from another jar. */
public interface OptimizerPlugin extends Plugin<dev.jackpot.config.proto.Optimizer, Optimizer> {}
