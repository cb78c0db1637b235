/**
 * Data sets and the batches made of them: decoded images on one side, augmented and normalised
 * float32 NHWC batches, prepared ahead by background threads, on the other.
 */
package dev.jackpot.training.data;
