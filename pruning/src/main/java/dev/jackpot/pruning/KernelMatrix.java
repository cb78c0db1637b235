package dev.jackpot.pruning;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;

/**
 * A kernel as a matrix, row-major as its weights lie: a column per filter (what makes one output
 * channel), a row per tap and input channel.
 *
 * <p>[h, w, in, out] is [h·w·in, out]; a dense layer's [in, out] is itself; a depthwise kernel [h,
 * w, channels, multiplier] is [h·w, channels·multiplier], since each of its filters sees one
 * channel.
 *
 * @param taps h · w
 * @param channels input channels that a filter sees
 * @param columns filters
 */
record KernelMatrix(int taps, int channels, int columns) {
  static KernelMatrix of(Parameter kernel) {
    long[] shape = kernel.shape().asArray();
    int last = shape.length - 1;
    long taps = 1;
    for (int i = 0; i < last - 1; i++) {
      taps *= shape[i];
    }
    long inputs = last > 0 ? shape[last - 1] : 1;
    return kernel.role() == Role.DEPTHWISE_KERNEL
        ? new KernelMatrix((int) taps, 1, (int) (inputs * shape[last]))
        : new KernelMatrix((int) taps, (int) inputs, (int) shape[last]);
  }

  int rows() {
    return taps * channels;
  }
}
