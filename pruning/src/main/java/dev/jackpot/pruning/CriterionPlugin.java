package dev.jackpot.pruning;

import dev.jackpot.config.Plugin;

/** A criterion from another jar, declared in META-INF/services and addressed as {@code custom}. */
public interface CriterionPlugin extends Plugin<dev.jackpot.config.proto.Criterion, Criterion> {}
