package dev.jackpot.export;

import dev.jackpot.export.codes.PositionCode;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;

/**
 * Functions of a graph that make a kernel of its non-zero values and the code of their positions,
 * one for each code, however many kernels use it.
 */
final class ExpansionFunctions {
  private ExpansionFunctions() {}

  /** What the code's function is called. */
  static String name(PositionCode code) {
    return "expand_" + code.name();
  }

  /** (values float32 [count], code uint8 [bytes], shape int32 [rank]) → kernel float32 [shape]. */
  static FunctionDef of(PositionCode code) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> values = tf.placeholder(TFloat32.class, vector());
      Placeholder<TUint8> bytes = tf.placeholder(TUint8.class, vector());
      Placeholder<TInt32> shape = tf.placeholder(TInt32.class, vector());
      Operand<TInt64> positions = tf.expandDims(code.positions(tf, bytes), tf.constant(1));
      Operand<TInt64> size =
          tf.dtypes.cast(tf.prod(shape, tf.constant(new int[] {0})), TInt64.class);
      Operand<TFloat32> flat =
          tf.scatterNd(positions, values, tf.reshape(size, tf.constant(new int[] {1})));
      Signature signature =
          Signature.builder(name(code))
              .input("values", values)
              .input("code", bytes)
              .input("shape", shape)
              .output("kernel", tf.reshape(flat, shape))
              .build();
      try (ConcreteFunction function = ConcreteFunction.create(signature, graph)) {
        FunctionDef definition = function.getFunctionDef();
        return definition.toBuilder()
            .setSignature(definition.getSignature().toBuilder().setName(name(code)))
            .build();
      }
    }
  }

  private static Placeholder.Options vector() {
    return Placeholder.shape(Shape.of(-1));
  }
}
