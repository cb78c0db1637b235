/**
 * The directory of a run: its file names, its lock, and the formats of the files that people and
 * programs read.
 */
package dev.jackpot.training.run;
