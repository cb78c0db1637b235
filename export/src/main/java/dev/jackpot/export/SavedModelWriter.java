package dev.jackpot.export;

import static java.util.stream.Collectors.toSet;

import com.google.protobuf.CodedOutputStream;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Precision;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/**
 * Writes a model as a SavedModel that TensorFlow Serving and Python load as it is.
 *
 * <p>Signatures {@code serving_default}, {@code serving_uint8} and, for three channels, {@code
 * serving_jpeg}, all of method tensorflow/serving/predict: input {@code images} [batch, height,
 * width, channels], float32 and uint8, or [batch] encoded images; outputs {@code logits} and {@code
 * probabilities} [batch, classes] float32, {@code label} [batch] int64. The weights are float32
 * resource variables, zeros in place, however they are stored.
 *
 * <p>The model is written under a temporary name beside its folder, loaded again in another process
 * and held against the training graph ({@link ExportGate}); only then it gets its name. If anything
 * differs or fails, nothing is left, and a model that was there before stays as it was.
 */
public final class SavedModelWriter {
  static final String TAG = "serve";
  static final String FILE = "saved_model.pb";

  /** Folder of files that loaders leave alone. */
  static final String EXTRA = "assets.extra";

  private static final int SCHEMA_VERSION = 1;

  private final Export options;
  private final Runtime runtime;

  public SavedModelWriter(Export options) {
    this(options, Runtime.getDefaultInstance());
  }

  /**
   * @param options what is written, and what it is held to
   * @param runtime device and threads on which the model that is loaded again runs, in float32
   */
  public SavedModelWriter(Export options, Runtime runtime) {
    this.options = options;
    this.runtime = runtime.toBuilder().setPrecision(Precision.FLOAT32).build();
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
    return write(
        target.toAbsolutePath().getParent(),
        filler -> {
          AtomicFiles.writeDirectory(target, filler);
          return target;
        },
        model,
        sample);
  }

  /**
   * Writes it to where {@link ModelVersions#target} says. A new version replaces none: if another
   * process has written the same one meanwhile, this becomes the one after it.
   *
   * @param path the model's folder, or that of one version
   * @return with the folder it went to
   */
  public ExportReport writeVersion(Path path, ServableModel model, Sample sample) {
    if (!ModelVersions.isAutomatic(path)) {
      return write(path, model, sample);
    }
    return write(
        path.toAbsolutePath(),
        filler -> AtomicFiles.writeNewDirectory(() -> ModelVersions.target(path), filler),
        model,
        sample);
  }

  private ExportReport write(
      Path parent, Function<AtomicFiles.Filler, Path> writing, ServableModel model, Sample sample) {
    boolean parentExisted = Files.isDirectory(parent);
    ExportReport[] report = new ExportReport[1];
    try {
      Path target =
          writing.apply(
              temporary -> {
                Written written = fill(temporary, model);
                warmUp(temporary, parent, model, sample);
                report[0] =
                    new ExportGate(model, written, options, runtime).verify(temporary, sample);
              });
      return report[0].at(target);
    } finally {
      if (report[0] == null && !parentExisted) {
        deleteIfEmpty(parent);
      }
    }
  }

  /**
   * Writes the model as a frozen GraphDef of float32 constants, batch norms folded as the options
   * say, after it has given the sample's logits.
   *
   * @throws JackpotException if it cannot be written, or differs
   */
  public void writeFrozen(Path file, ServableModel model, Sample sample) {
    Written written = plan(model);
    Map<String, HostTensor> values = new LinkedHashMap<>(written.loaded());
    values.putAll(written.exact());
    GraphDef frozen = FrozenGraph.of(written.serving(), values);
    try (ServingSession session = new ServingSession(frozen, Map.of())) {
      HostTensor logits =
          session.logits(
              FrozenGraph.signature(written.serving()),
              ServingGraph.FLOAT,
              new SampleInputs(model, options.getNormalizeInside()),
              sample);
      new LogitComparison(options.getTolerance())
          .require("the frozen graph", logits, "the training graph", sample.logits());
    }
    FrozenGraph.write(file, frozen);
  }

  /**
   * Runs the model in this process, as it would be served, on the sample.
   *
   * @throws JackpotException if logits differ by more than the tolerance
   */
  public void requireSameLogits(ServableModel model, Sample sample) {
    Written written = plan(model);
    try (ServingSession session = new ServingSession(written.serving().graph(), written.loaded())) {
      HostTensor logits =
          session.logits(
              written.serving().signatures().get(ServingGraph.UINT8),
              ServingGraph.UINT8,
              new SampleInputs(model, options.getNormalizeInside()),
              sample);
      new LogitComparison(options.getTolerance())
          .require("the network", logits, "the original", sample.logits());
    }
  }

  /**
   * What was put into a SavedModel.
   *
   * @param serving its graph and signatures, without saver
   * @param variables how each is stored
   * @param exact what kernels held before they were rounded, by name; of a kernel that rounding
   *     leaves alone nothing
   * @param folded batch norms
   */
  record Written(
      ServingGraph serving,
      List<StoredVariable> variables,
      Map<String, HostTensor> exact,
      int folded) {
    /** What the variables hold once they are loaded. */
    Map<String, HostTensor> loaded() {
      Map<String, HostTensor> loaded = new LinkedHashMap<>();
      variables.forEach(v -> loaded.put(v.name(), v.loaded()));
      return loaded;
    }
  }

  /** Fills a folder with the SavedModel, unchecked. */
  Written fill(Path folder, ServableModel model) throws IOException {
    Written written = plan(model);
    MetaGraphDef.Builder meta =
        MetaGraphDef.newBuilder()
            .setMetaInfoDef(
                MetaGraphDef.MetaInfoDef.newBuilder()
                    .addTags(TAG)
                    .setTensorflowVersion(TensorFlow.version())
                    .setStrippedDefaultAttrs(true))
            .setGraphDef(written.serving().graph())
            .putAllSignatureDef(written.serving().signatures());
    SaverNodes.addTo(meta, written.variables());
    Labels.addTo(meta);
    meta.setGraphDef(DefaultAttributes.strip(meta.getGraphDef()));
    Map<String, StoredArray> arrays = new LinkedHashMap<>();
    written.variables().forEach(v -> arrays.putAll(v.arrays()));
    BundleWriter.writeArrays(variables(folder), arrays);
    writeProto(
        folder.resolve(FILE),
        SavedModel.newBuilder()
            .setSavedModelSchemaVersion(SCHEMA_VERSION)
            .addMetaGraphs(meta)
            .build());
    Labels.write(folder, model.classes());
    card(model, written.folded()).write(folder);
    Path extra = folder.resolve(EXTRA);
    model.documents().forEach((name, text) -> AtomicFiles.write(extra.resolve(name), text));
    return written;
  }

  /** The model is called as TensorFlow Serving would by default: by the folder of its versions. */
  private void warmUp(Path folder, Path parent, ServableModel model, Sample sample) {
    int requests = Math.min(options.getWarmupRequests(), sample.images());
    if (requests > 0) {
      WarmupRequests.write(
          folder,
          String.valueOf(parent.getFileName()),
          new SampleInputs(model, options.getNormalizeInside()),
          sample,
          requests);
    }
  }

  /** What will be written, batch norms folded and weights packed as the options say. */
  private Written plan(ServableModel model) {
    ServingGraph serving = ServingGraph.of(model, options.getNormalizeInside());
    Map<String, HostTensor> values = model.values();
    int folded = 0;
    if (options.getFoldBatchNorm()) {
      BatchNormFolding folding = BatchNormFolding.of(serving.graph(), values);
      serving =
          new ServingGraph(Nodes.strip(folding.graph(), serving.targets()), serving.signatures());
      values = folding.values();
      folded = folding.folded();
    }
    List<StoredVariable> variables = new ArrayList<>();
    Map<String, HostTensor> exact = new LinkedHashMap<>();
    ValueType type = ValueType.of(options.getValues());
    Set<String> kernels = model.kernels().stream().map(Parameter::name).collect(toSet());
    for (String name : variableNames(serving.graph())) {
      HostTensor value = values.get(name);
      boolean kernel = kernels.contains(name);
      variables.add(
          kernel && options.getStorage() == Export.Storage.PACKED
              ? StoredVariable.packed(name, value, type)
              : StoredVariable.dense(name, value));
      if (kernel && type != ValueType.FLOAT32) {
        exact.put(name, value);
      }
    }
    return new Written(serving, variables, exact, folded);
  }

  /** The prefix of the checkpoint inside a SavedModel. */
  static Path variables(Path folder) {
    return folder.resolve("variables").resolve("variables");
  }

  /** Those that the graph still has. */
  private static List<String> variableNames(GraphDef graph) {
    return graph.getNodeList().stream()
        .filter(n -> n.getOp().equals("VarHandleOp"))
        .map(NodeDef::getName)
        .toList();
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
