package dev.jackpot.pruning;

import dev.jackpot.config.Plugin;

/**
 * A restriction from another jar, declared in META-INF/services and addressed as {@code custom}.
 */
public interface RestrictionPlugin
    extends Plugin<dev.jackpot.config.proto.Restriction, Restriction> {}
