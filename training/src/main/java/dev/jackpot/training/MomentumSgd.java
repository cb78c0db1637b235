package dev.jackpot.training;

import dev.jackpot.graph.Variable;
import dev.jackpot.graph.Variables;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.types.family.TFloating;

/**
 * v ← μv + g; w ← w − ηv, or with Nesterov w ← w − η(g + μv). The slot is {@code
 * variable/momentum}.
 *
 * @param momentum μ in [0, 1)
 */
record MomentumSgd(double momentum, boolean nesterov) implements Optimizer {
  @Override
  public <T extends TFloating> Op update(
      Ops tf, Variables<T> variables, Variable<T> variable, Operand<T> gradient, Operand<T> rate) {
    Variable<T> slot = variables.at(variable.name() + "/momentum", variable.shape());
    return tf.train.resourceApplyMomentum(
        variable.handle(),
        slot.handle(),
        rate,
        gradient,
        tf.dtypes.cast(tf.constant(momentum), gradient.type()),
        ResourceApplyMomentum.useNesterov(nesterov));
  }
}
