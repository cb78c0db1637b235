package dev.jackpot.export;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.VariableDef;

/**
 * What loaders need besides inference: nodes that save and restore every variable, the SaverDef
 * that names them, and the collection by which Python finds the variables. The names of the nodes
 * are those Python TensorFlow gives.
 */
final class SaverNodes {
  private static final String FILE = "save/Const";
  private static final String NAMES = "save/names";
  private static final String SLICES = "save/slices";
  private static final String RESTORE = "save/RestoreV2";
  private static final String RESTORE_ALL = "save/restore_all";
  private static final String SAVE = "save/SaveV2";
  private static final String SAVED = "save/control_dependency";
  private static final DataType FLOAT = DataType.DT_FLOAT;

  private SaverNodes() {}

  /** Adds them to a graph of float32 resource variables. */
  static void addTo(MetaGraphDef.Builder meta) {
    GraphDef.Builder graph = meta.getGraphDefBuilder();
    List<NodeDef> variables =
        graph.getNodeList().stream().filter(n -> n.getOp().equals("VarHandleOp")).toList();
    List<String> names = variables.stream().map(NodeDef::getName).toList();
    CollectionDef.BytesList.Builder collection = CollectionDef.BytesList.newBuilder();

    graph.addNode(
        Nodes.constant(
            "save/filename",
            TensorProto.newBuilder()
                .setDtype(DataType.DT_STRING)
                .setTensorShape(Nodes.shapeProto(Shape.scalar()))
                .addStringVal(ByteString.copyFromUtf8("model"))));
    graph.addNode(
        Nodes.node(FILE, "PlaceholderWithDefault", "save/filename")
            .putAttr("dtype", Nodes.type(DataType.DT_STRING))
            .putAttr("shape", Nodes.shape(Shape.scalar())));
    graph.addNode(Nodes.strings(NAMES, names));
    graph.addNode(Nodes.strings(SLICES, Collections.nCopies(names.size(), "")));
    graph.addNode(
        Nodes.node(RESTORE, "RestoreV2", FILE, NAMES, SLICES)
            .putAttr("dtypes", Nodes.types(FLOAT, names.size())));

    NodeDef.Builder restoreAll = Nodes.node(RESTORE_ALL, "NoOp");
    List<String> saved = new ArrayList<>(List.of(FILE, NAMES, SLICES));
    for (int i = 0; i < variables.size(); i++) {
      String name = names.get(i);
      graph.addNode(assign("save/AssignVariableOp_" + i, name, RESTORE + ":" + i));
      restoreAll.addInput("^save/AssignVariableOp_" + i);
      saved.add(read(graph, name));
      collection.addValue(definition(graph, variables.get(i)).toByteString());
    }
    graph.addNode(restoreAll);
    graph.addNode(
        Nodes.node(SAVE, "SaveV2", saved.toArray(String[]::new))
            .putAttr("dtypes", Nodes.types(FLOAT, names.size())));
    graph.addNode(
        Nodes.node(SAVED, "Identity", FILE, "^" + SAVE)
            .putAttr("T", Nodes.type(DataType.DT_STRING)));

    meta.setSaverDef(
        SaverDef.newBuilder()
            .setVersion(SaverDef.CheckpointFormatVersion.V2)
            .setFilenameTensorName(FILE + ":0")
            .setSaveTensorName(SAVED + ":0")
            .setRestoreOpName(RESTORE_ALL));
    meta.putCollectionDef("variables", CollectionDef.newBuilder().setBytesList(collection).build());
  }

  /** Python reads a variable it found in the collection by this very name. */
  private static String read(GraphDef.Builder graph, String variable) {
    String name = variable + "/Read/ReadVariableOp";
    graph.addNode(Nodes.node(name, "ReadVariableOp", variable).putAttr("dtype", Nodes.type(FLOAT)));
    return name;
  }

  private static NodeDef assign(String name, String variable, String value) {
    return Nodes.node(name, "AssignVariableOp", variable, value)
        .putAttr("dtype", Nodes.type(FLOAT))
        .build();
  }

  /** Also adds the initializer that a VariableDef must name: zeros of the variable's shape. */
  private static VariableDef definition(GraphDef.Builder graph, NodeDef variable) {
    String name = variable.getName();
    String zeros = name + "/Initializer/zeros";
    var shape = variable.getAttrOrThrow("shape").getShape();
    TensorProto.Builder sizes =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_INT32)
            .setTensorShape(Nodes.shapeProto(Shape.of(shape.getDimCount())));
    shape.getDimList().forEach(d -> sizes.addIntVal(Math.toIntExact(d.getSize())));
    graph.addNode(Nodes.constant(zeros + "/shape_as_tensor", sizes));
    graph.addNode(
        Nodes.constant(
            zeros + "/Const",
            TensorProto.newBuilder()
                .setDtype(FLOAT)
                .setTensorShape(Nodes.shapeProto(Shape.scalar()))
                .addFloatVal(0)));
    graph.addNode(
        Nodes.node(zeros, "Fill", zeros + "/shape_as_tensor", zeros + "/Const")
            .putAttr("T", Nodes.type(FLOAT))
            .putAttr("index_type", Nodes.type(DataType.DT_INT32)));
    graph.addNode(assign(name + "/Assign", name, zeros));
    return VariableDef.newBuilder()
        .setVariableName(name + ":0")
        .setInitialValueName(zeros + ":0")
        .setInitializerName(name + "/Assign")
        .setSnapshotName(name + "/Read/ReadVariableOp:0")
        .setIsResource(true)
        .setTrainable(true)
        .build();
  }
}
