package dev.jackpot.export;

import com.google.protobuf.CodedOutputStream;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.graph.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

/**
 * Writes a model as a SavedModel that TensorFlow Serving and Python load as it is.
 *
 * <p>Signatures {@code serving_default} and {@code serving_uint8}, both of method
 * tensorflow/serving/predict: input {@code images} [batch, height, width, channels], float32 and
 * uint8; outputs {@code logits} and {@code probabilities} [batch, classes] float32, {@code label}
 * [batch] int64. The weights are resource variables with zeros in place.
 *
 * <p>The model is written under a temporary name beside its folder, loaded again and held against
 * the training graph ({@link ExportGate}); only then it gets its name. If anything differs or
 * fails, nothing is left, and a model that was there before stays as it was.
 */
public final class SavedModelWriter {
  static final String TAG = "serve";
  static final String FILE = "saved_model.pb";
  private static final int SCHEMA_VERSION = 1;

  private final Export options;

  public SavedModelWriter(Export options) {
    this.options = options;
  }

  /**
   * Writes it.
   *
   * @param target the SavedModel's folder, for instance saved_model/1; an earlier SavedModel there
   *     is replaced
   * @param model what to write
   * @param sample what it is held against
   * @throws ConfigException if something else than a SavedModel is at {@code target}
   * @throws JackpotException if it cannot be written, or differs, with the difference
   */
  public ExportReport write(Path target, ServableModel model, Sample sample) {
    checkReplaceable(target);
    Path parent = target.toAbsolutePath().getParent();
    boolean parentExisted = Files.isDirectory(parent);
    ExportReport[] report = new ExportReport[1];
    try {
      AtomicFiles.writeDirectory(
          target,
          temporary -> {
            Written written = fill(temporary, model);
            report[0] = new ExportGate(model, written, options).verify(temporary, sample);
          });
    } finally {
      if (report[0] == null && !parentExisted) {
        deleteIfEmpty(parent);
      }
    }
    return report[0].at(target);
  }

  /**
   * What was put into a SavedModel's variables.
   *
   * @param values by the variable's name; with folded batch norms not those of the model
   * @param folded batch norms
   */
  record Written(Map<String, HostTensor> values, int folded) {}

  /** Fills a folder with the SavedModel, unchecked. */
  Written fill(Path folder, ServableModel model) throws IOException {
    ServingGraph serving = ServingGraph.of(model, options.getNormalizeInside());
    GraphDef graph = serving.graph();
    Map<String, HostTensor> values = model.values();
    int folded = 0;
    if (options.getFoldBatchNorm()) {
      BatchNormFolding folding = BatchNormFolding.of(graph, values);
      List<String> targets =
          serving.signatures().values().stream()
              .flatMap(
                  s ->
                      Stream.concat(
                          s.getInputsMap().values().stream(), s.getOutputsMap().values().stream()))
              .map(i -> Nodes.source(i.getName()))
              .toList();
      graph = Nodes.strip(folding.graph(), targets);
      values = folding.values();
      folded = folding.folded();
    }
    MetaGraphDef.Builder meta =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(
                MetaGraphDef.MetaInfoDef.newBuilder()
                    .addTags(TAG)
                    .setTensorflowVersion(TensorFlow.version()))
            .setGraphDef(graph)
            .putAllSignatureDef(serving.signatures());
    SaverNodes.addTo(meta);
    Map<String, HostTensor> kept = kept(graph, values);
    BundleWriter.write(variables(folder), kept);
    writeProto(
        folder.resolve(FILE),
        SavedModel.newBuilder()
            .setSavedModelSchemaVersion(SCHEMA_VERSION)
            .addMetaGraphs(meta)
            .build());
    card(model, folded).write(folder);
    return new Written(kept, folded);
  }

  /** The prefix of the checkpoint inside a SavedModel. */
  static Path variables(Path folder) {
    return folder.resolve("variables").resolve("variables");
  }

  /** The values of those variables that the graph still has. */
  private static Map<String, HostTensor> kept(GraphDef graph, Map<String, HostTensor> values) {
    Map<String, HostTensor> kept = new LinkedHashMap<>();
    graph.getNodeList().stream()
        .filter(n -> n.getOp().equals("VarHandleOp"))
        .forEach(n -> kept.put(n.getName(), values.get(n.getName())));
    return kept;
  }

  private static void writeProto(Path file, SavedModel model) throws IOException {
    byte[] bytes = new byte[model.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization(); // equal models make equal files
    model.writeTo(out);
    Files.write(file, bytes);
  }

  private ModelCard card(ServableModel model, int folded) {
    return new ModelCard(
        ModelCard.FORMAT,
        model.network().title(),
        model.classes(),
        options.getNormalizeInside() ? "pixels" : "normalized",
        model.normalization().getMeanList(),
        model.normalization().getStdList(),
        folded,
        model.view());
  }

  private static void checkReplaceable(Path target) {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        || Files.isRegularFile(target.resolve(FILE))) {
      return;
    }
    if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isEmpty()) {
          return;
        }
      } catch (IOException e) {
        throw AtomicFiles.failure("list", target, e);
      }
    }
    throw new ConfigException(
        "%s: there is something else than a SavedModel; expected a new or empty folder, or a SavedModel to replace"
            .formatted(target));
  }

  private static void deleteIfEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // not empty, or someone else's by now: the failure that led here is the one to report
    }
  }
}
