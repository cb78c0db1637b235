package dev.jackpot.pruning;

import dev.jackpot.config.Plugin;

/**
 * An allocation from another jar, declared in META-INF/services and addressed as {@code custom}.
 */
public interface AllocationPlugin extends Plugin<dev.jackpot.config.proto.Allocation, Allocation> {}
