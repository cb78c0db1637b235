package dev.jackpot.export;

import dev.jackpot.config.proto.Normalization;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * The inference graph of a model and its signatures, without values, saver or anything else that is
 * not inference.
 *
 * @param graph only what the signatures reach; a variable's VarHandleOp has the parameter's name
 * @param signatures by name
 */
record ServingGraph(GraphDef graph, Map<String, SignatureDef> signatures) {
  /** Signature for float32 images. */
  static final String FLOAT = "serving_default";

  /** Signature for uint8 pixels. */
  static final String UINT8 = "serving_uint8";

  /** Method name of both signatures: TensorFlow Serving's Predict. */
  static final String METHOD = "tensorflow/serving/predict";

  static final String INPUT = "images";
  static final String LOGITS = "logits";
  static final String PROBABILITIES = "probabilities";
  static final String LABEL = "label";

  private static final float LARGEST_PIXEL = 255;

  /**
   * Lays it.
   *
   * @param normalizeInside whether {@link #FLOAT} takes pixels 0–255, or images already normalised
   */
  static ServingGraph of(ServableModel servable, boolean normalizeInside) {
    NetworkSpec spec = servable.spec();
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, servable.network(), spec, p -> KernelForm.DENSE);
      Ops tf = model.tf();
      Placeholder.Options shape = Placeholder.shape(spec.images(-1));

      Placeholder<TFloat32> floats =
          tf.withName(FLOAT + "_" + INPUT).placeholder(TFloat32.class, shape);
      Operand<TFloat32> ready =
          normalizeInside ? normalize(tf, floats, servable.normalization()) : floats;
      Placeholder<TUint8> bytes = tf.withName(UINT8 + "_" + INPUT).placeholder(TUint8.class, shape);
      Operand<TFloat32> cast = tf.dtypes.cast(bytes, TFloat32.class);

      Map<String, SignatureDef> signatures = new LinkedHashMap<>();
      signatures.put(FLOAT, signature(model, floats, DataType.DT_FLOAT, ready));
      signatures.put(
          UINT8,
          signature(
              model, bytes, DataType.DT_UINT8, normalize(tf, cast, servable.normalization())));

      List<String> targets = new ArrayList<>();
      signatures
          .values()
          .forEach(
              s -> s.getOutputsMap().values().forEach(o -> targets.add(Nodes.source(o.getName()))));
      signatures
          .values()
          .forEach(
              s -> s.getInputsMap().values().forEach(i -> targets.add(Nodes.source(i.getName()))));
      return new ServingGraph(Nodes.strip(graph.toGraphDef(), targets), signatures);
    }
  }

  private static Operand<TFloat32> normalize(
      Ops tf, Operand<TFloat32> pixels, Normalization normalization) {
    Operand<TFloat32> mean = tf.constant(floats(normalization.getMeanList()));
    Operand<TFloat32> std = tf.constant(floats(normalization.getStdList()));
    Operand<TFloat32> unit = tf.math.div(pixels, tf.constant(LARGEST_PIXEL));
    return tf.math.div(tf.math.sub(unit, mean), std);
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  private static SignatureDef signature(
      Model<TFloat32> model, Operand<?> input, DataType type, Operand<TFloat32> images) {
    Operand<TFloat32> logits = model.lay(images, Phase.INFERENCE).logits();
    Operand<TFloat32> probabilities = model.tf().nn.softmax(logits);
    Operand<TInt64> label = model.tf().math.argMax(logits, model.tf().constant(1), TInt64.class);
    Shape scores = Shape.of(-1, model.spec().classes());
    return SignatureDef.newBuilder()
        .setMethodName(METHOD)
        .putInputs(INPUT, info(input, type, model.spec().images(-1)))
        .putOutputs(LOGITS, info(logits, DataType.DT_FLOAT, scores))
        .putOutputs(PROBABILITIES, info(probabilities, DataType.DT_FLOAT, scores))
        .putOutputs(LABEL, info(label, DataType.DT_INT64, Shape.of(-1)))
        .build();
  }

  private static TensorInfo info(Operand<? extends TType> tensor, DataType type, Shape shape) {
    return TensorInfo.newBuilder()
        .setName("%s:%d".formatted(tensor.op().name(), tensor.asOutput().index()))
        .setDtype(type)
        .setTensorShape(Nodes.shapeProto(shape))
        .build();
  }
}
