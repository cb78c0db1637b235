package dev.jackpot.export;

import dev.jackpot.config.proto.MaskProvenance;
import dev.jackpot.pruning.Masks;

/**
 * Masks as they were found somewhere.
 *
 * @param kind for people: "mask file", "NumPy archive", "checkpoint"
 * @param provenance where they come from; empty if it is not said
 */
public record StoredMasks(String kind, Masks masks, MaskProvenance provenance) {}
