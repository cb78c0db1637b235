/**
 * Masks and how they are chosen. Selection is pure: arrays in, masks out, no session and no files.
 * What must run on the device in every step is an op builder beside the pure code and is tested
 * against it.
 */
package dev.jackpot.pruning;
