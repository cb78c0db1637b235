package dev.jackpot.graph;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * A parameter of a ghost: not the network's, in no mask and in no count.
 *
 * @param parameter its name holds {@code /ghost/}
 * @param read what the forward pass read it as: gradients are taken with respect to this
 */
public record Ghost<T extends TFloating>(Parameter parameter, Operand<T> read) {
  /**
   * What it starts from: γ and the running variance 1, β and the running mean 0.
   *
   * @param weight of kernels
   */
  public HostTensor initial(double weight) {
    double value =
        switch (parameter.role()) {
          case GAMMA, MOVING_VARIANCE -> 1;
          case BETA, MOVING_MEAN, BIAS -> 0;
          default -> weight;
        };
    return HostTensor.filled(parameter.shape(), (float) value);
  }
}
