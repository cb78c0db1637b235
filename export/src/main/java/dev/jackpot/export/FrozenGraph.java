package dev.jackpot.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;

/**
 * A GraphDef with constants in its variables' places: input {@code serving_default_images:0},
 * outputs {@code logits:0}, {@code probabilities:0} and {@code label:0}. For programs that take no
 * SavedModel.
 */
final class FrozenGraph {
  // protobuf's limit is 2 GiB; what is beside the weights is small
  private static final long MOST_BYTES = Integer.MAX_VALUE - (1L << 26);

  private FrozenGraph() {}

  /**
   * Writes one.
   *
   * @throws JackpotException if the file cannot be written
   */
  static void write(Path file, GraphDef graph) {
    AtomicFiles.write(
        file,
        out -> {
          CodedOutputStream coded = CodedOutputStream.newInstance(out);
          coded.useDeterministicSerialization();
          graph.writeTo(coded);
          coded.flush();
        });
  }

  /**
   * Makes one.
   *
   * @param values of the serving graph's variables
   * @throws JackpotException if that is more than a protobuf file can hold
   */
  static GraphDef of(ServingGraph serving, Map<String, HostTensor> values) {
    long bytes = values.values().stream().mapToLong(v -> 4L * v.values().length).sum();
    if (bytes > MOST_BYTES) {
      throw new JackpotException(
          "cannot write a frozen graph: its weights take %d bytes, a protobuf file holds less than 2 GiB"
              .formatted(bytes));
    }
    SignatureDef signature = serving.signatures().get(ServingGraph.FLOAT);
    String input = Nodes.source(signature.getInputsOrThrow(ServingGraph.INPUT).getName());
    GraphDef.Builder frozen = serving.graph().toBuilder().clearNode().clearLibrary();
    for (NodeDef node : serving.graph().getNodeList()) {
      frozen.addNode(frozen(node, input, values));
    }
    signature
        .getOutputsMap()
        .forEach(
            (name, info) ->
                frozen.addNode(
                    Nodes.node(name, "Identity", info.getName())
                        .putAttr("T", Nodes.type(info.getDtype()))));
    GraphDef whole = frozen.build();
    return DefaultAttributes.strip(
        Nodes.strip(
            whole,
            List.of(ServingGraph.LOGITS, ServingGraph.PROBABILITIES, ServingGraph.LABEL, input)));
  }

  private static NodeDef frozen(NodeDef node, String input, Map<String, HostTensor> values) {
    if (node.getName().equals(input)) {
      return Nodes.node(input, "Placeholder")
          .putAttr("dtype", node.getAttrOrThrow("dtype"))
          .putAttr("shape", node.getAttrOrThrow("shape"))
          .build();
    }
    return switch (node.getOp()) {
      case "VarHandleOp" -> constant(node.getName(), values.get(node.getName()));
      case "ReadVariableOp" ->
          Nodes.node(node.getName(), "Identity", node.getInput(0))
              .putAttr("T", node.getAttrOrThrow("dtype"))
              .build();
      default -> node;
    };
  }

  private static NodeDef constant(String name, HostTensor value) {
    return Nodes.constant(
        name,
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(Nodes.shapeProto(value.shape()))
            .setTensorContent(ByteString.copyFrom(ValueType.FLOAT32.encode(value.values()))));
  }

  /** What its one signature is. */
  static SignatureDef signature(ServingGraph serving) {
    SignatureDef.Builder signature = SignatureDef.newBuilder();
    SignatureDef own = serving.signatures().get(ServingGraph.FLOAT);
    signature.putAllInputs(own.getInputsMap());
    own.getOutputsMap()
        .forEach(
            (name, info) ->
                signature.putOutputs(
                    name, TensorInfo.newBuilder(info).setName(name + ":0").build()));
    return signature.build();
  }
}
