package dev.jackpot.export;

import org.tensorflow.ndarray.Shape;

/**
 * What a file says of one of its arrays, known without reading the values.
 *
 * @param name unique within the file
 * @param dtype in the words of TensorFlow: float32, int64, string, …
 * @param shape fully known; rank 0 for a scalar
 * @param numeric whether its values can be read as float32
 */
public record ArrayInfo(String name, String dtype, Shape shape, boolean numeric) {}
