package dev.jackpot.training;

import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Moved;
import dev.jackpot.graph.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.family.TFloating;

/**
 * Where a forward pass takes the parameters: at θ(α) = α ⊙ θ0, or moved from there. Knows what it
 * took once the pass is laid.
 *
 * @param <T> element type
 */
final class ScaledPoint<T extends TFloating> implements Moved<T> {
  private final Map<String, Operand<T>> factors;
  private final Moved<T> moved;
  private final Map<String, Operand<T>> origins = new HashMap<>();
  private final Map<String, Operand<T>> taken = new HashMap<>();

  /**
   * @param factors α_k, scalars, by the parameter's name; the others stay as they are
   * @param moved from θ(α) to the point
   */
  ScaledPoint(Map<String, Operand<T>> factors, Moved<T> moved) {
    this.factors = factors;
    this.moved = moved;
  }

  @Override
  public Operand<T> value(Ops ops, Parameter p, Operand<T> value) {
    Operand<T> factor = factors.get(p.name());
    if (factor == null) {
      return value;
    }
    origins.put(p.name(), value);
    Operand<T> point = moved.value(ops, p, ops.math.mul(value, factor));
    taken.put(p.name(), point);
    return point;
  }

  /** θ0 of the parameters, under their masks. */
  List<Operand<T>> origins(List<Parameter> parameters) {
    return parameters.stream().map(p -> origins.get(p.name())).toList();
  }

  /** The parameters as the pass took them. */
  List<Operand<T>> taken(List<Parameter> parameters) {
    return parameters.stream().map(p -> taken.get(p.name())).toList();
  }

  /** ∂loss/∂θ of the parameters, 0 at pruned weights. */
  List<Operand<T>> gradients(
      Model<T> model,
      Operand<T> loss,
      List<Parameter> parameters,
      Function<Parameter, KernelForm> forms) {
    Ops tf = model.tf();
    Gradients all = tf.gradients(loss, taken(parameters));
    List<Operand<T>> gradients = new ArrayList<>();
    for (int k = 0; k < parameters.size(); k++) {
      Parameter p = parameters.get(k);
      Operand<T> each = all.dy(k);
      gradients.add(
          forms.apply(p).hasMask()
              ? tf.math.mul(each, model.variables().at(p.mask(), p.shape()).read(tf))
              : each);
    }
    return gradients;
  }
}
