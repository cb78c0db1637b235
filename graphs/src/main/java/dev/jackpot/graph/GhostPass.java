package dev.jackpot.graph;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** A pass with ghosts: its ReLUs are soft, its skips are multiplied by a variable. */
final class GhostPass<T extends TFloating> extends Pass<T> {
  private static final double TOP = 6;

  private final Class<T> type;
  private final Optional<SoftNeuron> neurons;
  private final Optional<Operand<T>> scalar;
  private final Optional<Operand<T>> skipFactor;

  GhostPass(Ops tf, Class<T> type, Variables<T> variables, GhostForm form) {
    super(tf);
    this.type = type;
    neurons = form.neurons();
    scalar = neurons.map(n -> variables.at(GhostForm.NEURON, Shape.scalar()).read(tf));
    skipFactor =
        form.skips()
            ? Optional.of(variables.at(GhostForm.SKIP, Shape.scalar()).read(tf))
            : Optional.empty();
  }

  @Override
  Operand<T> relu(Operand<T> x) {
    return neurons.map(n -> n.of(tf, x, scalar.orElseThrow())).orElseGet(() -> super.relu(x));
  }

  /** min(soft(x), 6): no further from ReLU6 than the soft neuron is from ReLU. */
  @Override
  Operand<T> relu6(Operand<T> x) {
    return neurons.isEmpty()
        ? super.relu6(x)
        : tf.math.minimum(relu(x), tf.dtypes.cast(tf.constant(TOP), type));
  }

  /** As it is: a gate's value has to stay in [0, 1]. */
  @Override
  Operand<T> gate(Operand<T> x) {
    return super.relu6(x);
  }

  @Override
  Optional<Operand<T>> skipFactor() {
    return skipFactor;
  }
}
