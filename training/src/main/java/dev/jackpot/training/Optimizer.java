package dev.jackpot.training;

import dev.jackpot.graph.Variable;
import dev.jackpot.graph.Variables;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Moves a variable against its gradient. */
public interface Optimizer {
  /**
   * Adds the update of one variable.
   *
   * @param variables slots are made here, named {@code variable/slot}, so that checkpoints hold
   *     them
   * @param gradient of the variable's shape, weight decay included
   * @param rate learning rate, scalar
   */
  <T extends TFloating> Op update(
      Ops tf, Variables<T> variables, Variable<T> variable, Operand<T> gradient, Operand<T> rate);
}
