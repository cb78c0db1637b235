/** Grids of experiments: their cells run, their accuracies compared. */
package dev.jackpot.training.sweep;
