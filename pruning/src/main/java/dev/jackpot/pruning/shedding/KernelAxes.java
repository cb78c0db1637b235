package dev.jackpot.pruning.shedding;

import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Role;

/**
 * To which filter and which input channel each weight of a kernel belongs. A filter is what makes
 * one output channel; in a depthwise kernel [h, w, channels, multiplier] that is one channel's.
 *
 * @param filters their number
 * @param inputs number of input channels
 * @param last length of the kernel's last axis
 */
record KernelAxes(int filters, int inputs, int last) {
  static KernelAxes of(Parameter kernel) {
    long[] shape = kernel.shape().asArray();
    int last = (int) shape[shape.length - 1];
    int inputs = (int) shape[shape.length - 2];
    return new KernelAxes(
        kernel.role() == Role.DEPTHWISE_KERNEL ? inputs * last : last, inputs, last);
  }

  /** Of the weight at a row-major index. */
  int filter(int index) {
    return index % filters;
  }

  /** Of the weight at a row-major index. */
  int input(int index) {
    return index / last % inputs;
  }
}
