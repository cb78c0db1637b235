package dev.jackpot.training;

import dev.jackpot.config.Plugin;
import dev.jackpot.config.proto.LearningRate;

/** A learning-rate schedule from another jar. */
public interface RateSchedulePlugin extends Plugin<LearningRate, RateSchedule> {}
