package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Where a forward pass takes the parameters: as they are, or elsewhere.
 *
 * @param <T> element type
 */
@FunctionalInterface
public interface Moved<T extends TFloating> {
  /**
   * The value of a parameter in the pass.
   *
   * @param value as the parameter was read; of a kernel, as its {@link KernelForm} makes it
   */
  Operand<T> value(Ops tf, Parameter parameter, Operand<T> value);
}
