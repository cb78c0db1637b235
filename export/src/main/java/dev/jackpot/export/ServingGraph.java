package dev.jackpot.export;

import dev.jackpot.config.proto.Normalization;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Phase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/**
 * The inference graph of a model and its signatures, without values, saver or anything else that is
 * not inference.
 *
 * <p>There is one forward pass, which all signatures share: encoded images are decoded to pixels,
 * pixels become float32, floats are classified. Each signature feeds the chain at its own place;
 * what comes before that is not run. So the places are PlaceholderWithDefault ops.
 *
 * @param graph only what the signatures reach; a variable's VarHandleOp has the parameter's name,
 *     and its one ReadVariableOp the name that Python looks for, {@link #READ}
 * @param signatures by name
 */
record ServingGraph(GraphDef graph, Map<String, SignatureDef> signatures) {
  /** Signature for float32 images. */
  static final String FLOAT = "serving_default";

  /** Signature for uint8 pixels. */
  static final String UINT8 = "serving_uint8";

  /** Signature for encoded images; only of networks with three channels. */
  static final String JPEG = "serving_jpeg";

  /** Method name of all signatures: TensorFlow Serving's Predict. */
  static final String METHOD = "tensorflow/serving/predict";

  static final String INPUT = "images";
  static final String LOGITS = "logits";
  static final String PROBABILITIES = "probabilities";
  static final String LABEL = "label";

  /** What follows a variable's name in the name of the op that reads it. */
  static final String READ = "/Read/ReadVariableOp";

  private static final float LARGEST_PIXEL = 255;

  /**
   * Lays it.
   *
   * @param normalizeInside whether {@link #FLOAT} takes pixels 0–255, or images already normalised
   */
  static ServingGraph of(ServableModel servable, boolean normalizeInside) {
    NetworkSpec spec = servable.spec();
    Shape shape = spec.images(-1);
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(graph, TFloat32.class, servable.network(), spec, p -> KernelForm.DENSE);
      Ops tf = model.tf();
      Map<String, TensorInfo> inputs = new LinkedHashMap<>();

      Operand<TUint8> bytes;
      if (hasJpeg(spec)) {
        Placeholder<TString> encoded =
            tf.withName(JPEG + "_" + INPUT)
                .placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
        inputs.put(JPEG, info(encoded, DataType.DT_STRING, Shape.of(-1)));
        Operand<TUint8> decoded = EncodedInput.pixels(tf, encoded, spec, servable.view());
        bytes = tf.withName(UINT8 + "_" + INPUT).placeholderWithDefault(decoded, shape);
      } else {
        bytes =
            tf.withName(UINT8 + "_" + INPUT).placeholder(TUint8.class, Placeholder.shape(shape));
      }
      inputs.put(UINT8, info(bytes, DataType.DT_UINT8, shape));
      Operand<TFloat32> ready = tf.dtypes.cast(bytes, TFloat32.class);
      if (!normalizeInside) {
        ready = normalize(tf, ready, servable.normalization());
      }
      ready = tf.withName(FLOAT + "_" + INPUT).placeholderWithDefault(ready, shape);
      inputs.put(FLOAT, info(ready, DataType.DT_FLOAT, shape));
      if (normalizeInside) {
        ready = normalize(tf, ready, servable.normalization());
      }

      Map<String, TensorInfo> outputs = outputs(model, ready);
      Map<String, SignatureDef> signatures = new LinkedHashMap<>();
      inputs.forEach(
          (name, input) ->
              signatures.put(
                  name,
                  SignatureDef.newBuilder()
                      .setMethodName(METHOD)
                      .putInputs(INPUT, input)
                      .putAllOutputs(outputs)
                      .build()));
      GraphDef stripped = Nodes.strip(graph.toGraphDef(), targets(signatures));
      return new ServingGraph(Nodes.oneReadEach(stripped, READ), signatures);
    }
  }

  /** Whether there is a signature for encoded images: they are decoded to RGB. */
  static boolean hasJpeg(NetworkSpec spec) {
    return spec.channels() == EncodedInput.CHANNELS;
  }

  /** The nodes that signatures feed and fetch. */
  List<String> targets() {
    return targets(signatures);
  }

  private static List<String> targets(Map<String, SignatureDef> signatures) {
    return signatures.values().stream()
        .flatMap(
            s ->
                Stream.concat(
                    s.getInputsMap().values().stream(), s.getOutputsMap().values().stream()))
        .map(i -> Nodes.source(i.getName()))
        .distinct()
        .toList();
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

  private static Map<String, TensorInfo> outputs(Model<TFloat32> model, Operand<TFloat32> images) {
    Operand<TFloat32> logits = model.lay(images, Phase.INFERENCE).logits();
    Operand<TFloat32> probabilities = model.tf().nn.softmax(logits);
    Operand<TInt64> label = model.tf().math.argMax(logits, model.tf().constant(1), TInt64.class);
    Shape scores = Shape.of(-1, model.spec().classes());
    return Map.of(
        LOGITS, info(logits, DataType.DT_FLOAT, scores),
        PROBABILITIES, info(probabilities, DataType.DT_FLOAT, scores),
        LABEL, info(label, DataType.DT_INT64, Shape.of(-1)));
  }

  private static TensorInfo info(Operand<? extends TType> tensor, DataType type, Shape shape) {
    return TensorInfo.newBuilder()
        .setName("%s:%d".formatted(tensor.op().name(), tensor.asOutput().index()))
        .setDtype(type)
        .setTensorShape(Nodes.shapeProto(shape))
        .build();
  }
}
