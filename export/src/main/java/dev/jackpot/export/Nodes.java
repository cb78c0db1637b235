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
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Makes and finds nodes of a GraphDef. An input is written "node", "node:1" or, for control,
 * "^node".
 */
final class Nodes {
  private static final String READ_VARIABLE = "ReadVariableOp";

  private Nodes() {}

  static NodeDef.Builder node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(Arrays.asList(inputs));
  }

  static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  static AttrValue types(List<DataType> types) {
    return AttrValue.newBuilder()
        .setList(AttrValue.ListValue.newBuilder().addAllType(types))
        .build();
  }

  static AttrValue function(String name) {
    return AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(name)).build();
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

  /** A constant vector of int32. */
  static NodeDef integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_INT32)
            .setTensorShape(shapeProto(Shape.of(values.length)));
    for (long value : values) {
      tensor.addIntVal(Math.toIntExact(value));
    }
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

  /**
   * Every variable with one op that reads it, called by the variable's name and {@code suffix}. Of
   * several that did, the others are gone: nothing writes variables at inference.
   */
  static GraphDef oneReadEach(GraphDef graph, String suffix) {
    Map<String, String> renamed = new HashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      if (node.getOp().equals(READ_VARIABLE)) {
        renamed.put(node.getName(), source(node.getInput(0)) + suffix);
      }
    }
    GraphDef.Builder result = graph.toBuilder().clearNode();
    Set<String> present = new HashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      NodeDef.Builder copy = node.toBuilder();
      copy.setName(renamed.getOrDefault(node.getName(), node.getName()));
      for (int i = 0; i < node.getInputCount(); i++) {
        if (renamed.containsKey(source(node.getInput(i)))) {
          copy.setInput(i, renamed.get(source(node.getInput(i))));
        }
      }
      if (present.add(copy.getName())) {
        result.addNode(copy);
      }
    }
    return result.build();
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
