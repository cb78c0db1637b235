package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;

/** Decides which weights of a kernel are kept or pruned together. */
@FunctionalInterface
public interface Pattern {
  /** How the pattern divides a kernel. */
  Units units(Parameter kernel);
}
