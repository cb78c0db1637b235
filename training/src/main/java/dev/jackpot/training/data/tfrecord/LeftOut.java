package dev.jackpot.training.data.tfrecord;

/**
 * A record that is not used.
 *
 * @param name what to call it: its file's name, its number and byte offset
 * @param reason what is wrong with it
 */
public record LeftOut(String name, String reason) {}
