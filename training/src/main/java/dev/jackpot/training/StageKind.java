package dev.jackpot.training;

import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import dev.jackpot.pruning.Threshold;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * What makes one kind of stage different from another; the loop around it is {@link Trainer}'s. One
 * class per kind, one line in {@link StageKinds}.
 */
public interface StageKind {
  /**
   * The state of the first step: what the stage before left, with this stage's masks and scores.
   */
  State begin(StageContext context, State before);

  /**
   * How a kernel enters the forward pass, given the state of the first step: masked, if it has a
   * mask.
   */
  default KernelForm form(Parameter kernel, State first) {
    return first.form(kernel);
  }

  /** What the optimizer moves. */
  List<Trained<TFloat32>> trained(Tower<TFloat32> tower);

  /**
   * Adds what happens after the optimizer's updates of a step; {@code tf} already carries the
   * control dependencies.
   *
   * @param kernels of the network
   * @param first the state of the first step
   * @param rate this step's {@link #restriction}, scalar
   * @param threshold how the device at hand finds a threshold fastest
   * @return how many pairs of weights were swapped, scalar; its evaluation carries out everything
   */
  default Operand<TInt32> afterUpdate(
      Ops tf,
      Collection<Parameter> kernels,
      Variables<TFloat32> variables,
      State first,
      Operand<TFloat64> rate,
      Threshold threshold) {
    return tf.constant(0);
  }

  /** Share of the wanted swaps that the steps of an epoch may carry out, in (0, 1]. */
  default double restriction(int epoch, int epochs) {
    return 1;
  }

  /**
   * What its pruning schedule, if it has one, counts from: pruned weights (or units of the pattern)
   * in the state of the first step.
   */
  default long scheduledFrom(StageContext context, State first) {
    return 0;
  }

  /**
   * What happens between steps. The caller closes it.
   *
   * @param scheduledFrom what {@link #scheduledFrom} said when the stage began
   */
  default BetweenSteps between(StageContext context, long scheduledFrom, int stepsPerEpoch) {
    return BetweenSteps.NOTHING;
  }

  /**
   * Over how many training batches batch norm's averages are re-estimated to measure the masks the
   * stage starts from; empty for a stage that makes no masks, 0 to measure the dense network only.
   */
  default OptionalInt startBatches() {
    return OptionalInt.empty();
  }
}
