package dev.jackpot.training;

import dev.jackpot.config.Plugin;
import dev.jackpot.config.proto.Stage;

/** A kind of stage from another jar. */
public interface StageKindPlugin extends Plugin<Stage, StageKind> {}
