package dev.jackpot.training.data.tfrecord;

/**
 * Which features of an example are read.
 *
 * @param image name of the one with the encoded image, bytes
 * @param label name of the one with the label, int64
 * @param labelOffset subtracted from the stored label
 */
public record Features(String image, String label, int labelOffset) {
  /** Labels are below this: a larger one is no class, but a mistake or another number. */
  static final int MOST_CLASSES = 1_000_000;
}
