package dev.jackpot.export;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.JackpotException;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.pruning.Masks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * Says what lies in weight files, mask files, checkpoints, SavedModels and run directories. No
 * model is loaded or run.
 */
public final class Inspect {
  private Inspect() {}

  /**
   * Looks into {@code path}.
   *
   * @throws ConfigException if nothing is there, or nothing that is known
   * @throws JackpotException if it is damaged
   */
  public static Inspection of(Path path) {
    if (Files.isRegularFile(path.resolve(SavedModelWriter.FILE))) {
      return savedModel(path);
    }
    if (FileKinds.startsWith(path, Npy.MAGIC)) {
      return array(path);
    }
    if (RunFormat.isRun(path)) {
      return run(path);
    }
    if (MaskFileFormat.recognizes(path)) {
      return masks(path);
    }
    try (WeightSource source = WeightFormats.openAsStored(path)) {
      String kind = source instanceof NpzSource ? "NumPy archive" : "TensorFlow checkpoint";
      return new Inspection(kind, path.toString(), Map.of(), entries(source));
    }
  }

  private static Inspection array(Path path) {
    HostTensor tensor = Npy.read(path);
    String name = path.getFileName().toString();
    ArrayInfo info = new ArrayInfo(name, Npy.dtype(path).dtype(), tensor.shape(), true);
    return new Inspection("NumPy array", path.toString(), Map.of(), List.of(entry(info, tensor)));
  }

  /** A mask's non-zeros are the weights it keeps. */
  private static Inspection masks(Path path) {
    StoredMasks found = MaskFileFormat.read(path);
    Masks masks = found.masks();
    Map<String, String> facts = new LinkedHashMap<>();
    found
        .provenance()
        .getAllFields()
        .forEach((field, value) -> facts.put(field.getName(), String.valueOf(value)));
    facts.put("kept", "%d of %d weights".formatted(masks.kept(), masks.size()));
    List<Inspection.Entry> entries = new ArrayList<>();
    masks
        .byName()
        .forEach(
            (name, mask) ->
                entries.add(
                    new Inspection.Entry(
                        name, "mask", sizes(mask.shape()), mask.size(), (long) mask.kept())));
    return new Inspection(found.kind(), path.toString(), facts, entries);
  }

  private static Inspection run(Path path) {
    List<StoredCheckpoint> checkpoints = RunFormat.checkpoints(path);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "checkpoints",
        checkpoints.stream()
            .map(c -> c.directory().getFileName().toString())
            .collect(Collectors.joining(", ")));
    facts.put(
        "SavedModel", Files.isDirectory(path.resolve("saved_model/1")) ? "saved_model/1" : "none");
    facts.put("finished", Files.exists(path.resolve("result.json")) ? "yes" : "no");
    Optional<StoredCheckpoint> whole = RunFormat.newest(checkpoints);
    if (whole.isEmpty()) {
      return new Inspection("run directory", path.toString(), facts, List.of());
    }
    Path newest = whole.get().directory();
    facts.put("arrays of", newest.getFileName().toString());
    try (WeightSource source = WeightFormats.openAsStored(newest)) {
      return new Inspection("run directory", path.toString(), facts, entries(source));
    }
  }

  private static Inspection savedModel(Path path) {
    SavedModel model = parse(path.resolve(SavedModelWriter.FILE));
    Map<String, String> facts = new LinkedHashMap<>();
    ModelCard.read(path)
        .ifPresent(
            card -> {
              facts.put("network", card.network());
              facts.put("classes", String.join(", ", card.classes()));
              facts.put("serving_default takes", card.input());
              facts.put("folded batch norms", String.valueOf(card.foldedBatchNorms()));
            });
    for (MetaGraphDef meta : model.getMetaGraphsList()) {
      String tags = String.join(", ", meta.getMetaInfoDef().getTagsList());
      facts.put(
          "graph [%s]".formatted(tags),
          "%d nodes, written by TensorFlow %s"
              .formatted(
                  meta.getGraphDef().getNodeCount(), meta.getMetaInfoDef().getTensorflowVersion()));
      new TreeMap<>(meta.getSignatureDefMap())
          .forEach((name, s) -> facts.put("signature [%s] %s".formatted(tags, name), describe(s)));
    }
    if (BundleFormat.prefix(path).isEmpty()) {
      return new Inspection("SavedModel", path.toString(), facts, List.of());
    }
    try (WeightSource source = BundleReader.open(SavedModelWriter.variables(path))) {
      return new Inspection("SavedModel", path.toString(), facts, entries(source));
    }
  }

  private static SavedModel parse(Path file) {
    try {
      return SavedModel.parseFrom(Files.readAllBytes(file));
    } catch (InvalidProtocolBufferException e) {
      throw new JackpotException("%s: not a SavedModel: %s".formatted(file, e.getMessage()), e);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    } catch (OutOfMemoryError e) {
      throw new JackpotException(file + ": too large to read", e);
    }
  }

  private static String describe(SignatureDef signature) {
    return "%s: %s → %s"
        .formatted(
            signature.getMethodName().isEmpty() ? "no method" : signature.getMethodName(),
            tensors(signature.getInputsMap()),
            tensors(signature.getOutputsMap()));
  }

  private static String tensors(Map<String, TensorInfo> tensors) {
    return new TreeMap<>(tensors)
        .entrySet().stream()
            .map(
                e ->
                    "%s %s%s"
                        .formatted(
                            e.getKey(),
                            DataTypes.name(e.getValue().getDtype()),
                            SignatureCheck.shape(e.getValue())))
            .collect(Collectors.joining(", "));
  }

  private static List<Inspection.Entry> entries(WeightSource source) {
    return source.arrays().stream()
        .map(a -> a.numeric() ? entry(a, source.read(a.name())) : entry(a))
        .toList();
  }

  private static Inspection.Entry entry(ArrayInfo info) {
    return new Inspection.Entry(
        info.name(), info.dtype(), sizes(info.shape()), info.shape().size(), null);
  }

  private static Inspection.Entry entry(ArrayInfo info, HostTensor tensor) {
    return new Inspection.Entry(
        info.name(), info.dtype(), sizes(info.shape()), info.shape().size(), tensor.nonzero());
  }

  private static List<Long> sizes(Shape shape) {
    return Arrays.stream(shape.asArray()).boxed().toList();
  }
}
