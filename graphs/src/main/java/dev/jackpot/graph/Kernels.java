package dev.jackpot.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The parameters of one forward pass as they are laid: reads of their variables, and kernels in the
 * form in which they enter it.
 *
 * @param <T> element type
 */
final class Kernels<T extends TFloating> {
  private final Ops tf;
  private final Variables<T> variables;
  private final Function<Parameter, KernelForm> forms;
  private final Pass<T> pass;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Operand<T>> reads = new LinkedHashMap<>();
  private final Map<String, Operand<T>> scores = new LinkedHashMap<>();
  private final Map<String, Operand<T>> effective = new LinkedHashMap<>();
  private final List<LayerCost> costs = new ArrayList<>();
  private final Map<String, LayerOutput<T>> outputs = new LinkedHashMap<>();

  Kernels(Ops tf, Variables<T> variables, Function<Parameter, KernelForm> forms, Pass<T> pass) {
    this.tf = tf;
    this.variables = variables;
    this.forms = forms;
    this.pass = pass;
  }

  /** A kernel as its {@link KernelForm} lets it enter the forward pass. */
  Operand<T> kernel(String name, Role role, Shape shape) {
    Operand<T> weight = read(name, role, shape);
    Parameter parameter = parameters.get(name);
    Operand<T> formed =
        switch (forms.apply(parameter)) {
          case DENSE -> weight;
          case MASKED -> tf.math.mul(weight, variables.at(parameter.mask(), shape).read(tf));
          case SEARCHED -> searched(parameter, weight);
        };
    Operand<T> result = pass.parameter(parameter, formed);
    effective.put(name, result);
    return result;
  }

  private Operand<T> searched(Parameter parameter, Operand<T> weight) {
    Operand<T> mask = variables.at(parameter.mask(), parameter.shape()).read(tf);
    Operand<T> score = variables.at(parameter.score(), parameter.shape()).read(tf);
    scores.put(parameter.name(), score);
    Operand<T> straightThrough = tf.math.add(mask, tf.math.sub(score, tf.stopGradient(score)));
    return tf.math.mul(tf.stopGradient(weight), straightThrough);
  }

  /** A parameter that is not masked. */
  Operand<T> parameter(String name, Role role, Shape shape) {
    Operand<T> read = read(name, role, shape);
    return pass.parameter(parameters.get(name), read);
  }

  private Operand<T> read(String name, Role role, Shape shape) {
    Parameter parameter = new Parameter(name, role, shape);
    if (parameters.putIfAbsent(name, parameter) != null) {
      throw new IllegalArgumentException("parameter " + name + " is laid twice");
    }
    Operand<T> read = variables.at(name, shape).read(tf);
    reads.put(name, read);
    return read;
  }

  /** Where the next layer comes, for messages: {@code after layer1/0/conv1}. */
  String place() {
    String last = parameters.keySet().stream().reduce((a, b) -> b).orElse("the images");
    return "after " + (last.contains("/") ? last.substring(0, last.lastIndexOf('/')) : last);
  }

  /**
   * Notes what the kernel of that name costs.
   *
   * @param y output of its layer, [batch, …]
   */
  void cost(String kernel, Operand<T> y) {
    costs.add(new LayerCost(parameters.get(kernel), y.shape().tail()));
  }

  /**
   * Notes what the layer of that kernel gives.
   *
   * @param y with its bias, [batch, …, channels]
   * @return y
   */
  Operand<T> output(String kernel, Operand<T> y) {
    outputs.put(kernel, new LayerOutput<>(y, Optional.empty()));
    return y;
  }

  /**
   * Notes that a batch norm follows the layer that gives {@code x}, if one does.
   *
   * @param y what the norm gives
   * @return y
   */
  Operand<T> normed(Operand<T> x, FollowingNorm norm, Operand<T> y) {
    outputs.replaceAll(
        (kernel, output) ->
            output.y().asOutput().equals(x.asOutput())
                ? new LayerOutput<>(y, Optional.of(norm))
                : output);
    return y;
  }

  /** What was laid, as the parameters of ghosts. */
  Map<String, Ghost<T>> ghosts() {
    Map<String, Ghost<T>> ghosts = new LinkedHashMap<>();
    parameters.forEach((name, p) -> ghosts.put(name, new Ghost<>(p, reads.get(name))));
    return Collections.unmodifiableMap(ghosts);
  }

  Tower<T> tower(Operand<T> logits, List<Op> averageUpdates, Map<String, Ghost<T>> ghosts) {
    return new Tower<>(
        logits,
        Collections.unmodifiableMap(parameters),
        Collections.unmodifiableMap(reads),
        Collections.unmodifiableMap(scores),
        Collections.unmodifiableMap(effective),
        averageUpdates,
        List.copyOf(costs),
        ghosts,
        Collections.unmodifiableMap(outputs));
  }
}
