package dev.jackpot.export;

import com.google.protobuf.ByteString;
import dev.jackpot.config.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorProto;

/**
 * The names of the classes as a SavedModel's asset: {@code assets/labels.txt}, a line each in the
 * order of the labels. Loaders put the file's path into the tensor {@code labels_file:0}.
 */
final class Labels {
  private static final String FILE = "labels.txt";
  private static final String TENSOR = "labels_file";

  private Labels() {}

  static void write(Path savedModel, List<String> classes) {
    StringBuilder text = new StringBuilder();
    classes.forEach(c -> text.append(c.replaceAll("\\R", " ")).append('\n'));
    AtomicFiles.write(savedModel.resolve("assets").resolve(FILE), text.toString());
  }

  static void addTo(MetaGraphDef.Builder meta) {
    meta.getGraphDefBuilder()
        .addNode(
            Nodes.constant(
                TENSOR,
                TensorProto.newBuilder()
                    .setDtype(DataType.DT_STRING)
                    .setTensorShape(Nodes.shapeProto(Shape.scalar()))
                    .addStringVal(ByteString.copyFromUtf8(FILE))));
    meta.addAssetFileDef(
        AssetFileDef.newBuilder()
            .setFilename(FILE)
            .setTensorInfo(TensorInfo.newBuilder().setName(TENSOR + ":0")));
  }
}
