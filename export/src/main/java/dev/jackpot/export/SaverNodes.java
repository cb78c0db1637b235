package dev.jackpot.export;

import com.google.protobuf.ByteString;
import dev.jackpot.export.codes.PositionCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * What loaders need besides inference: nodes that restore and save every variable, the SaverDef
 * that names them, and the collection by which Python finds the variables. The names of the nodes
 * are those Python TensorFlow gives.
 *
 * <p>What is packed is expanded on its way from the file to the variable, within the one run that
 * restores; so nothing but the variables themselves outlives the loading.
 */
final class SaverNodes {
  private static final String FILE = "save/Const";
  private static final String NAMES = "save/names";
  private static final String SLICES = "save/slices";
  private static final String RESTORE = "save/RestoreV2";
  private static final String RESTORE_ALL = "save/restore_all";
  private static final String SAVED_NAMES = "save/variables";
  private static final String SAVED_SLICES = "save/variable_slices";
  private static final String SAVE = "save/SaveV2";
  private static final String SAVED = "save/control_dependency";
  private static final DataType FLOAT = DataType.DT_FLOAT;

  private final GraphDef.Builder graph;
  private final List<StoredVariable> variables;
  // in the order in which they are restored
  private final Map<String, StoredArray> arrays = new LinkedHashMap<>();
  private final List<String> arrayNames;

  private SaverNodes(GraphDef.Builder graph, List<StoredVariable> variables) {
    this.graph = graph;
    this.variables = variables;
    variables.forEach(v -> arrays.putAll(v.arrays()));
    this.arrayNames = List.copyOf(arrays.keySet());
  }

  /**
   * Adds them to a graph of float32 resource variables, each with the op that reads it ({@link
   * ServingGraph#READ}).
   *
   * @param variables all of the graph's
   */
  static void addTo(MetaGraphDef.Builder meta, List<StoredVariable> variables) {
    new SaverNodes(meta.getGraphDefBuilder(), variables).add(meta);
  }

  private void add(MetaGraphDef.Builder meta) {
    restoreFile();
    addFunctions();
    NodeDef.Builder restoreAll = Nodes.node(RESTORE_ALL, "NoOp");
    CollectionDef.BytesList.Builder collection = CollectionDef.BytesList.newBuilder();
    for (int i = 0; i < variables.size(); i++) {
      String assign = "save/AssignVariableOp_" + i;
      String value = restored(variables.get(i), i);
      graph.addNode(
          Nodes.node(assign, "AssignVariableOp", variables.get(i).name(), value)
              .putAttr("dtype", Nodes.type(FLOAT)));
      restoreAll.addInput("^" + assign);
      collection.addValue(definition(variables.get(i).name(), value, assign).toByteString());
    }
    graph.addNode(restoreAll);
    save();
    meta.setSaverDef(
        SaverDef.newBuilder()
            .setVersion(SaverDef.CheckpointFormatVersion.V2)
            .setFilenameTensorName(FILE + ":0")
            .setSaveTensorName(SAVED + ":0")
            .setRestoreOpName(RESTORE_ALL));
    meta.putCollectionDef("variables", CollectionDef.newBuilder().setBytesList(collection).build());
  }

  private void restoreFile() {
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
    graph.addNode(Nodes.strings(NAMES, arrayNames));
    graph.addNode(Nodes.strings(SLICES, Collections.nCopies(arrayNames.size(), "")));
    graph.addNode(
        Nodes.node(RESTORE, "RestoreV2", FILE, NAMES, SLICES)
            .putAttr(
                "dtypes", Nodes.types(arrays.values().stream().map(StoredArray::type).toList())));
  }

  /** One for each code that is in use. */
  private void addFunctions() {
    Set<PositionCode> codes = new LinkedHashSet<>();
    variables.forEach(v -> v.code().ifPresent(codes::add));
    codes.forEach(c -> graph.getLibraryBuilder().addFunction(ExpansionFunctions.of(c)));
  }

  /** The tensor that a variable is set to: an array of the file, converted and expanded. */
  private String restored(StoredVariable variable, int i) {
    List<String> names = List.copyOf(variable.arrays().keySet());
    String values = array(names.get(0));
    if (variable.type() != ValueType.FLOAT32) {
      String cast = "save/float32_" + i;
      graph.addNode(
          Nodes.node(cast, "Cast", values)
              .putAttr("SrcT", Nodes.type(variable.type().type()))
              .putAttr("DstT", Nodes.type(FLOAT)));
      values = cast;
    }
    if (variable.code().isEmpty()) {
      return values;
    }
    String expanded = "save/expanded_" + i;
    String shape = "save/shape_" + i;
    graph.addNode(Nodes.integers(shape, variable.shape().asArray()));
    graph.addNode(
        Nodes.node(expanded, "PartitionedCall", values, array(names.get(1)), shape)
            .putAttr("Tin", Nodes.types(List.of(FLOAT, DataType.DT_UINT8, DataType.DT_INT32)))
            .putAttr("Tout", Nodes.types(List.of(FLOAT)))
            .putAttr("f", Nodes.function(ExpansionFunctions.name(variable.code().get()))));
    return expanded;
  }

  private String array(String name) {
    int index = arrayNames.indexOf(name);
    return index == 0 ? RESTORE : RESTORE + ":" + index;
  }

  /** Saves the variables as they are in memory, dense. */
  private void save() {
    List<String> names = variables.stream().map(StoredVariable::name).toList();
    List<String> inputs = new ArrayList<>();
    inputs.add(FILE);
    if (names.equals(arrayNames)) {
      inputs.addAll(List.of(NAMES, SLICES));
    } else {
      graph.addNode(Nodes.strings(SAVED_NAMES, names));
      graph.addNode(Nodes.strings(SAVED_SLICES, Collections.nCopies(names.size(), "")));
      inputs.addAll(List.of(SAVED_NAMES, SAVED_SLICES));
    }
    names.forEach(n -> inputs.add(n + ServingGraph.READ));
    graph.addNode(
        Nodes.node(SAVE, "SaveV2", inputs.toArray(String[]::new))
            .putAttr("dtypes", Nodes.types(Collections.nCopies(names.size(), FLOAT))));
    graph.addNode(
        Nodes.node(SAVED, "Identity", FILE, "^" + SAVE)
            .putAttr("T", Nodes.type(DataType.DT_STRING)));
  }

  /** The initial value that a VariableDef must name is the restored one. */
  private static VariableDef definition(String name, String value, String assign) {
    return VariableDef.newBuilder()
        .setVariableName(name + ":0")
        .setInitialValueName(value.contains(":") ? value : value + ":0")
        .setInitializerName(assign)
        .setSnapshotName(name + ServingGraph.READ + ":0")
        .setIsResource(true)
        .setTrainable(true)
        .build();
  }
}
