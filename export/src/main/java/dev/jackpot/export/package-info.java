/**
 * Weights in and out of files, SavedModels, and the gate a SavedModel passes before it is called
 * done.
 *
 * <p>Values and sample images are handed in; nothing here trains or reads data sets.
 */
package dev.jackpot.export;
