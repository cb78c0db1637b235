package dev.jackpot.pruning;

import dev.jackpot.config.Plugin;

/** A pattern from another jar, declared in META-INF/services and addressed as {@code custom}. */
public interface PatternPlugin extends Plugin<dev.jackpot.config.proto.Pattern, Pattern> {}
