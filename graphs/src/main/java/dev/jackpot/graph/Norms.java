package dev.jackpot.graph;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.family.TFloating;

/**
 * Batch norm in one forward pass. Float32 only.
 *
 * @param <T> element type
 */
final class Norms<T extends TFloating> {
  private final Ops tf;
  private final Variables<T> variables;
  private final Phase phase;
  private final double momentum;
  private final List<Op> averageUpdates = new ArrayList<>();

  /**
   * @param momentum of the running averages, in [0, 1)
   */
  Norms(Ops tf, Variables<T> variables, Phase phase, double momentum) {
    this.tf = tf;
    this.variables = variables;
    this.phase = phase;
    this.momentum = momentum;
  }

  /**
   * γ (x − mean) / √(variance + ε) + β over all but the last axis. In training the running averages
   * move by average ← momentum · average + (1 − momentum) · batch, with the unbiased batch
   * variance.
   *
   * @param kernels notes the parameters, {@code name/gamma}, {@code name/beta}, {@code
   *     name/moving_mean} and {@code name/moving_variance}
   */
  Operand<T> of(Kernels<T> kernels, String name, Operand<T> x, double epsilon) {
    if (phase == Phase.FLOW) {
      return x;
    }
    Shape shape = Shape.of(x.shape().get(x.shape().numDimensions() - 1));
    Operand<T> gamma = kernels.parameter(name + "/gamma", Role.GAMMA, shape);
    Operand<T> beta = kernels.parameter(name + "/beta", Role.BETA, shape);
    Operand<T> mean = kernels.parameter(name + "/moving_mean", Role.MOVING_MEAN, shape);
    Operand<T> variance = kernels.parameter(name + "/moving_variance", Role.MOVING_VARIANCE, shape);
    boolean training = phase.usesBatchStatistics();
    List<FusedBatchNorm.Options> options = new ArrayList<>();
    options.add(FusedBatchNorm.epsilon((float) epsilon));
    options.add(FusedBatchNorm.isTraining(training));
    if (training) {
      // the op itself blends the batch into the averages it is given
      options.add(FusedBatchNorm.exponentialAvgFactor((float) (1 - momentum)));
    }
    FusedBatchNorm<T, T> norm =
        tf.nn.fusedBatchNorm(
            x, gamma, beta, mean, variance, options.toArray(FusedBatchNorm.Options[]::new));
    if (phase == Phase.TRAINING) {
      move(name + "/moving_mean", norm.batchMean());
      move(name + "/moving_variance", norm.batchVariance());
    }
    return norm.y();
  }

  private void move(String average, Operand<T> value) {
    averageUpdates.add(tf.assignVariableOp(variables.get(average).handle(), value));
  }

  /** Ops that move the running averages of all norms so far; empty but in training. */
  List<Op> averageUpdates() {
    return List.copyOf(averageUpdates);
  }
}
