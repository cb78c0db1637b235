package dev.jackpot.training;

import dev.jackpot.training.run.EvaluationSplit;

/**
 * Where a listener is called.
 *
 * @param stage name of the running stage
 * @param epochs of the stage
 * @param stepsPerEpoch of the stage
 * @param progress so far, the step or epoch that was just done included
 * @param learningRate of the last step
 * @param split on which the epochs are evaluated
 * @param graph holds the values
 */
public record Moment(
    String stage,
    int epochs,
    int stepsPerEpoch,
    Progress progress,
    double learningRate,
    EvaluationSplit split,
    StageGraph graph) {}
