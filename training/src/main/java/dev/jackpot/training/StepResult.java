package dev.jackpot.training;

/**
 * What one step reports.
 *
 * @param loss mean over the batch, in nats; the weight decay's term is not in it
 * @param correct images whose largest logit was at the label
 * @param swaps pairs of weights that the mask update swapped
 */
public record StepResult(double loss, int correct, int swaps) {}
