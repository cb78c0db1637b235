/**
 * TFRecord files of {@code tf.train.Example} messages: finding, indexing, checking and reading
 * them. Knows nothing of splits or images.
 */
package dev.jackpot.training.data.tfrecord;
