package dev.jackpot.graph;

import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * A resource variable of one graph.
 *
 * @param <T> element type
 */
public final class Variable<T extends TFloating> {
  private final String name;
  private final Shape shape;
  private final Class<T> type;
  private final Operand<TType> handle;
  private final Operand<T> fed;
  private final Op assignFed;
  private final Operand<T> fetched;

  @SuppressWarnings(
      "unchecked") // a VarHandleOp's output is a resource, which has no Java type of its own
  Variable(Ops tf, String name, Class<T> type, Shape shape) {
    this.name = name;
    this.shape = shape;
    this.type = type;
    Graph graph = (Graph) tf.scope().env();
    // Ops' withName refuses '/', which names of variables in checkpoints and SavedModels need
    Operation operation =
        graph
            .opBuilder("VarHandleOp", name, graph.baseScope())
            .setAttr("dtype", dataType(type))
            .setAttr("shape", shape)
            .setAttr("shared_name", name)
            .build();
    handle = (Operand<TType>) (Operand<?>) operation.output(0);
    fed = tf.placeholder(type, org.tensorflow.op.core.Placeholder.shape(shape));
    assignFed = tf.assignVariableOp(handle, fed);
    fetched = read(tf);
  }

  static DataType dataType(Class<? extends TFloating> type) {
    if (type == TFloat32.class) {
      return DataType.DT_FLOAT;
    }
    if (type == TFloat64.class) {
      return DataType.DT_DOUBLE;
    }
    throw new IllegalArgumentException(
        "variables are float32 or float64, found " + type.getSimpleName());
  }

  public String name() {
    return name;
  }

  public Shape shape() {
    return shape;
  }

  /** The resource handle, for the raw optimizer and assignment ops. */
  public Operand<TType> handle() {
    return handle;
  }

  /**
   * A new read. Under control dependencies it sees what they wrote; gradients are taken with
   * respect to what this returns, never to the handle.
   */
  public Operand<T> read(Ops tf) {
    return tf.readVariableOp(handle, type);
  }

  /** Placeholder that {@link #assignFed} writes into the variable. */
  Operand<T> fed() {
    return fed;
  }

  Op assignFed() {
    return assignFed;
  }

  /** A read for fetching and saving, free of control dependencies. */
  public Operand<T> fetched() {
    return fetched;
  }
}
