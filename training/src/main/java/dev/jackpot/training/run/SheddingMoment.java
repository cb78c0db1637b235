package dev.jackpot.training.run;

/**
 * When something was measured.
 *
 * @param stage the stage's name
 * @param epoch epochs of the stage that are finished
 * @param step training steps so far, over all stages
 * @param stageStep those of this stage
 * @param learningRate of the step before; after an event, of the step to come; 0 before the stage's
 *     first
 * @param accuracy on the images that epochs are evaluated on; NaN if it was not measured
 */
public record SheddingMoment(
    String stage, int epoch, long step, long stageStep, double learningRate, double accuracy) {}
