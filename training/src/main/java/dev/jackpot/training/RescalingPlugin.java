package dev.jackpot.training;

import dev.jackpot.config.Plugin;
import dev.jackpot.config.proto.Rescale;

/** A rule for scale factors from another jar. */
public interface RescalingPlugin extends Plugin<Rescale, Rescaling> {}
