package dev.jackpot.export;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Makes and finds nodes of a GraphDef. An input is written "node", "node:1" or, for control,
 * "^node".
 */
final class Nodes {
  private Nodes() {}

  static NodeDef.Builder node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(Arrays.asList(inputs));
  }

  static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  static AttrValue types(DataType type, int count) {
    AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
    for (int i = 0; i < count; i++) {
      list.addType(type);
    }
    return AttrValue.newBuilder().setList(list).build();
  }

  static AttrValue text(String text) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(text)).build();
  }

  static AttrValue shape(Shape shape) {
    return AttrValue.newBuilder().setShape(shapeProto(shape)).build();
  }

  static TensorShapeProto shapeProto(Shape shape) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    for (long size : shape.asArray()) {
      proto.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return proto.build();
  }

  /** A constant vector of strings. */
  static NodeDef strings(String name, List<String> values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_STRING)
            .setTensorShape(shapeProto(Shape.of(values.size())));
    values.forEach(v -> tensor.addStringVal(ByteString.copyFromUtf8(v)));
    return constant(name, tensor);
  }

  static NodeDef constant(String name, TensorProto.Builder value) {
    return node(name, "Const")
        .putAttr("dtype", type(value.getDtype()))
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
        .build();
  }

  /** The node an input comes from. */
  static String source(String input) {
    String name = input.startsWith("^") ? input.substring(1) : input;
    int colon = name.lastIndexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /** Whether an input is a node's first output. */
  static boolean isFirstOutput(String input) {
    return !input.startsWith("^") && (input.indexOf(':') < 0 || input.endsWith(":0"));
  }

  static Map<String, NodeDef> byName(GraphDef graph) {
    Map<String, NodeDef> nodes = new HashMap<>();
    graph.getNodeList().forEach(n -> nodes.put(n.getName(), n));
    return nodes;
  }

  /** The graph with only those nodes that {@code targets} need, in their order. */
  static GraphDef strip(GraphDef graph, Collection<String> targets) {
    Map<String, NodeDef> nodes = byName(graph);
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(targets);
    while (!open.isEmpty()) {
      String name = open.pop();
      if (needed.add(name)) {
        nodes.get(name).getInputList().forEach(i -> open.push(source(i)));
      }
    }
    GraphDef.Builder stripped = graph.toBuilder().clearNode();
    graph.getNodeList().stream()
        .filter(n -> needed.contains(n.getName()))
        .forEach(stripped::addNode);
    return stripped.build();
  }
}
