package dev.jackpot.graph;

import dev.jackpot.config.Names;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/**
 * The variables of one graph by name: parameters, masks, scores and optimizer slots.
 *
 * @param <T> element type of all of them
 */
public final class Variables<T extends TFloating> {
  private final Ops tf;
  private final Class<T> type;
  private final Map<String, Variable<T>> byName = new LinkedHashMap<>();

  public Variables(Ops tf, Class<T> type) {
    this.tf = tf;
    this.type = type;
  }

  /** The variable of that name, made on first use. */
  public Variable<T> at(String name, Shape shape) {
    Variable<T> variable =
        byName.computeIfAbsent(
            name, n -> new Variable<>(tf.withSubScope("variables"), n, type, shape));
    if (!variable.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "variable %s has shape %s, asked for as %s".formatted(name, variable.shape(), shape));
    }
    return variable;
  }

  /** The variable of that name, which exists. */
  public Variable<T> get(String name) {
    Variable<T> variable = byName.get(name);
    if (variable == null) {
      throw new IllegalArgumentException(
          "no variable %s in the graph%s".formatted(name, Names.hint(name, byName.keySet())));
    }
    return variable;
  }

  /** Names in the order they were made. */
  public Collection<String> names() {
    return Collections.unmodifiableSet(byName.keySet());
  }

  /** All variables in the order they were made. */
  public List<Variable<T>> all() {
    return List.copyOf(byName.values());
  }

  /** Writes values into variables, which must exist and have the values' shapes. */
  public void assign(Session session, Map<String, HostTensor> values) {
    if (values.isEmpty()) {
      return;
    }
    Session.Runner runner = session.runner();
    List<Tensor> tensors = new java.util.ArrayList<>();
    try {
      values.forEach(
          (name, value) -> {
            Variable<T> variable = get(name);
            if (!variable.shape().equals(value.shape())) {
              throw new IllegalArgumentException(
                  "variable %s has shape %s, given %s"
                      .formatted(name, variable.shape(), value.shape()));
            }
            Tensor tensor = tensor(value);
            tensors.add(tensor);
            runner.feed(variable.fed(), tensor).addTarget(variable.assignFed());
          });
      runner.run().close();
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  /** Reads variables out of the session. */
  public Map<String, HostTensor> read(Session session, Collection<String> names) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    if (names.isEmpty()) {
      return values;
    }
    Session.Runner runner = session.runner();
    names.forEach(n -> runner.fetch(get(n).fetched()));
    try (Result result = runner.run()) {
      int i = 0;
      for (String name : names) {
        values.put(name, host(result.get(i++)));
      }
    }
    return values;
  }

  private Tensor tensor(HostTensor value) {
    if (type == TFloat32.class) {
      return TFloat32.tensorOf(value.shape(), DataBuffers.of(value.values()));
    }
    double[] doubles = new double[value.values().length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = value.values()[i];
    }
    return TFloat64.tensorOf(value.shape(), DataBuffers.of(doubles));
  }

  /** Copies a float32 or float64 tensor out of native memory (float64 is rounded). */
  public static HostTensor host(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    if (tensor instanceof TFloat32) {
      tensor.asRawTensor().data().asFloats().read(values);
    } else {
      double[] doubles = new double[values.length];
      tensor.asRawTensor().data().asDoubles().read(doubles);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) doubles[i];
      }
    }
    return new HostTensor(tensor.shape(), values);
  }
}
