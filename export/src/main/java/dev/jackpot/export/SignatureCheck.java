package dev.jackpot.export;

import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.NetworkSpec;
import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** Holds a loaded model's signatures against what clients are promised. */
final class SignatureCheck {
  private SignatureCheck() {}

  /**
   * Checks all signatures' method, names, dtypes and shapes.
   *
   * @throws JackpotException naming the first difference
   */
  static void check(MetaGraphDef meta, NetworkSpec spec) {
    check(meta, ServingGraph.FLOAT, DataType.DT_FLOAT, spec);
    check(meta, ServingGraph.UINT8, DataType.DT_UINT8, spec);
    if (ServingGraph.hasJpeg(spec)) {
      check(meta, ServingGraph.JPEG, DataType.DT_STRING, spec);
    }
  }

  private static void check(MetaGraphDef meta, String name, DataType input, NetworkSpec spec) {
    SignatureDef signature = meta.getSignatureDefMap().get(name);
    if (signature == null) {
      throw new JackpotException(
          "the exported model has signatures %s, expected %s"
              .formatted(new TreeMap<>(meta.getSignatureDefMap()).keySet(), name));
    }
    if (!signature.getMethodName().equals(ServingGraph.METHOD)) {
      throw new JackpotException(
          "the exported model's signature %s has method \"%s\", expected \"%s\""
              .formatted(name, signature.getMethodName(), ServingGraph.METHOD));
    }
    Shape scores = Shape.of(-1, spec.classes());
    compare(
        name + " inputs",
        signature.getInputsMap(),
        Map.of(
            ServingGraph.INPUT,
            describe(input, input == DataType.DT_STRING ? Shape.of(-1) : spec.images(-1))));
    compare(
        name + " outputs",
        signature.getOutputsMap(),
        Map.of(
            ServingGraph.LOGITS, describe(DataType.DT_FLOAT, scores),
            ServingGraph.PROBABILITIES, describe(DataType.DT_FLOAT, scores),
            ServingGraph.LABEL, describe(DataType.DT_INT64, Shape.of(-1))));
  }

  private static void compare(
      String what, Map<String, TensorInfo> infos, Map<String, String> expected) {
    Map<String, String> found = new TreeMap<>();
    infos.forEach((k, v) -> found.put(k, describe(v.getDtype(), shape(v))));
    if (!found.equals(expected)) {
      throw new JackpotException(
          "the exported model's signature %s are %s, expected %s"
              .formatted(what, found, new TreeMap<>(expected)));
    }
  }

  static Shape shape(TensorInfo info) {
    return info.getTensorShape().getUnknownRank()
        ? Shape.unknown()
        : Shape.of(
            info.getTensorShape().getDimList().stream().mapToLong(d -> d.getSize()).toArray());
  }

  private static String describe(DataType type, Shape shape) {
    return DataTypes.name(type) + shape;
  }
}
