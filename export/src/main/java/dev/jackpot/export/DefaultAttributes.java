package dev.jackpot.export;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GetAllOpList;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.tensorflow.TensorFlow;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.OpList;

/**
 * Takes attributes that have their op's default value out of a graph: every loader puts them back
 * (MetaInfoDef.stripped_default_attrs), and an older TensorFlow that does not know one can load the
 * graph.
 */
final class DefaultAttributes {
  /** By op and attribute. */
  private static final Map<String, Map<String, AttrValue>> DEFAULTS = defaults();

  private DefaultAttributes() {}

  /** The graph without them, in its nodes and its functions. */
  static GraphDef strip(GraphDef graph) {
    GraphDef.Builder stripped = graph.toBuilder().clearNode();
    stripped.addAllNode(strip(graph.getNodeList()));
    stripped.getLibraryBuilder().clearFunction();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      stripped
          .getLibraryBuilder()
          .addFunction(
              function.toBuilder().clearNodeDef().addAllNodeDef(strip(function.getNodeDefList())));
    }
    return stripped.build();
  }

  private static List<NodeDef> strip(List<NodeDef> nodes) {
    return nodes.stream().map(DefaultAttributes::strip).toList();
  }

  private static NodeDef strip(NodeDef node) {
    NodeDef.Builder stripped = node.toBuilder();
    DEFAULTS
        .getOrDefault(node.getOp(), Map.of())
        .forEach(
            (name, value) -> {
              if (value.equals(node.getAttrMap().get(name))) {
                stripped.removeAttr(name);
              }
            });
    return stripped.build();
  }

  private static Map<String, Map<String, AttrValue>> defaults() {
    TensorFlow.version(); // loads the native library
    TF_Buffer buffer = TF_GetAllOpList();
    try {
      byte[] bytes = new byte[Math.toIntExact(buffer.length())];
      new BytePointer(buffer.data()).get(bytes);
      Map<String, Map<String, AttrValue>> defaults = new HashMap<>();
      for (OpDef op : OpList.parseFrom(bytes).getOpList()) {
        Map<String, AttrValue> values = new HashMap<>();
        op.getAttrList().stream()
            .filter(OpDef.AttrDef::hasDefaultValue)
            .forEach(a -> values.put(a.getName(), a.getDefaultValue()));
        defaults.put(op.getName(), values);
      }
      return Map.copyOf(defaults);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("TensorFlow's list of ops cannot be read", e);
    } finally {
      TF_DeleteBuffer(buffer);
    }
  }
}
