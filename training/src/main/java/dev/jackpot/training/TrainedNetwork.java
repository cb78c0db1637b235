package dev.jackpot.training;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentText;
import dev.jackpot.config.ImageSize;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Normalization;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.config.proto.Runtime.Precision;
import dev.jackpot.export.EvaluationView;
import dev.jackpot.export.ExportReport;
import dev.jackpot.export.Sample;
import dev.jackpot.export.SavedModelWriter;
import dev.jackpot.export.ServableModel;
import dev.jackpot.export.compaction.Compaction;
import dev.jackpot.export.compaction.ValuedWiring;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkWiring;
import dev.jackpot.graph.WiredNetwork;
import dev.jackpot.training.data.Batch;
import dev.jackpot.training.data.BatchStream;
import dev.jackpot.training.data.Batches;
import dev.jackpot.training.data.ChannelNormalization;
import dev.jackpot.training.data.Split;
import dev.jackpot.training.run.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/**
 * A network with its values, and the data it is for.
 *
 * @param state parameters and masks; whatever else it holds is not used
 */
public record TrainedNetwork(ExperimentParts parts, State state) {
  /** The network a config begins with: its weights file's values or drawn ones. */
  public static TrainedNetwork of(Experiment experiment) {
    ExperimentParts parts = ExperimentParts.open(experiment);
    return new TrainedNetwork(parts, StartingValues.of(parts));
  }

  /**
   * Loads what a run has saved last, or one checkpoint.
   *
   * @param path a run directory, or a checkpoint in one
   * @throws ConfigException if it is neither
   */
  public static TrainedNetwork load(Path path) {
    return load(path, List.of());
  }

  /**
   * The same with settings of its config overridden, for instance where the data lie now.
   *
   * @param sets {@code path=value} each
   */
  public static TrainedNetwork load(Path path, List<String> sets) {
    Checkpoint checkpoint = checkpoint(path);
    return new TrainedNetwork(
        ExperimentParts.open(checkpoint.experiment(sets)), checkpoint.state());
  }

  private static Checkpoint checkpoint(Path path) {
    if (!Files.exists(path)) {
      throw new ConfigException("%s: no such run directory or checkpoint".formatted(path));
    }
    if (Checkpoint.isAt(path)) {
      return Checkpoint.open(path);
    }
    RunDirectory run = RunDirectory.open(path);
    return new CheckpointStore(run.checkpoints(), run.readConfig())
        .latest()
        .orElseThrow(
            () ->
                new JackpotException(
                    "%s: the run has no checkpoint yet".formatted(run.checkpoints())));
  }

  /** Loss and accuracy on the test images. */
  public Evaluation evaluate() {
    try (InferenceGraph graph = InferenceGraph.open(parts, state, parts.experiment().getRuntime());
        Batches test = parts.testBatches()) {
      return graph.evaluate(test);
    }
  }

  /**
   * Writes a SavedModel that has passed the gate: it is compared with this network on the first
   * test images. The config goes with it. Where its weights are rounded, both are evaluated on all
   * test images.
   *
   * @param directory the model's own, for instance saved_model/1, or one that gets the next version
   *     ({@link SavedModelWriter#writeVersion})
   * @param manifest the run's manifest.json, to go with the model; empty if there is none
   */
  public ExportReport export(Path directory, Export options, Optional<Path> manifest) {
    ExportReport report =
        new SavedModelWriter(options, runtime())
            .writeVersion(
                directory, servable(options, manifest), sample(options.getVerifyImages()));
    if (report.rounding().isEmpty()) {
      return report;
    }
    try (ServedNetwork served = ServedNetwork.load(report.directory(), runtime())) {
      int batch = parts.experiment().getData().getEvaluationBatchSize();
      return report.withAccuracies(
          evaluate().accuracy(), served.evaluate(parts.data().test(), batch).accuracy());
    }
  }

  private Runtime runtime() {
    return parts.experiment().getRuntime();
  }

  /** The same for a network that is of no run. */
  public ExportReport export(Path directory, Export options) {
    return export(directory, options, Optional.empty());
  }

  /** Writes a frozen GraphDef that has been compared with this network likewise. */
  public void freeze(Path file, Export options) {
    new SavedModelWriter(options)
        .writeFrozen(file, servable(options, Optional.empty()), sample(options.getVerifyImages()));
  }

  private ServableModel servable(Export options, Optional<Path> manifest) {
    Network network = parts.network();
    Map<String, HostTensor> values = state.effective(parts.summary().parameters());
    if (options.getCompact()) {
      ValuedWiring compact = Compaction.of(wiring(), options.getFoldBatchNorm()).network();
      network = new WiredNetwork(compact.wiring());
      values = compact.values();
    }
    Map<String, String> documents = new LinkedHashMap<>();
    documents.put("config.textproto", ExperimentText.print(parts.experiment()));
    manifest.ifPresent(m -> documents.put("manifest.json", read(m)));
    return servable(network, values, documents);
  }

  private ServableModel servable(
      Network network, Map<String, HostTensor> values, Map<String, String> documents) {
    ChannelNormalization normalization = parts.normalization();
    return new ServableModel(
        network,
        parts.spec(),
        values,
        Normalization.newBuilder()
            .addAllMean(normalization.mean())
            .addAllStd(normalization.std())
            .build(),
        new EvaluationView(
            ImageSize.resize(parts.experiment().getData(), parts.spec().height()),
            parts.experiment().getData().getInterpolation()),
        parts.data().classNames(),
        documents);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw AtomicFiles.failure("read", file, e);
    }
  }

  /**
   * Holds another network with these weights, for instance without dead channels, against this one
   * on the first test images, as the gate does.
   *
   * @throws JackpotException if logits differ by more than export.tolerance
   */
  public void requireSameLogits(ValuedWiring other) {
    Export asked = parts.experiment().getExport();
    Export plain = Export.newBuilder().setTolerance(asked.getTolerance()).build();
    new SavedModelWriter(plain, runtime())
        .requireSameLogits(
            servable(new WiredNetwork(other.wiring()), other.values(), Map.of()),
            sample(asked.getVerifyImages()));
  }

  /** The network as data, its masks applied. */
  public ValuedWiring wiring() {
    return new ValuedWiring(
        NetworkWiring.of(parts.network(), parts.spec()),
        state.effective(parts.summary().parameters()),
        state.masks(parts.summary().parameters()));
  }

  /** The first test images that can be decoded, with this network's logits. */
  private Sample sample(int most) {
    Split split = parts.data().test();
    int[] usable = IntStream.range(0, split.size()).filter(split::usable).limit(most).toArray();
    int images = usable.length;
    // first, since the session that opens first decides the process's thread count
    HostTensor logits = logits(images);
    int size = split.shape().size();
    byte[] pixels = new byte[images * size];
    byte[] one = new byte[size];
    for (int i = 0; i < images; i++) {
      split.pixels(usable[i], one);
      System.arraycopy(one, 0, pixels, i * size, size);
    }
    return new Sample(parts.spec().images(images), pixels, logits);
  }

  /** Logits of the first test images in float32 whatever the run's precision, [images, classes]. */
  public HostTensor logits(int images) {
    int classes = parts.spec().classes();
    float[] logits = new float[images * classes];
    int done = 0;
    Runtime exact =
        parts.experiment().getRuntime().toBuilder().setPrecision(Precision.FLOAT32).build();
    try (InferenceGraph graph = InferenceGraph.open(parts, state, exact);
        Batches test = parts.testBatches();
        BatchStream stream = test.open(0, 0)) {
      while (done < images) {
        try (Batch batch = stream.next()) {
          if (batch.size() == 0) {
            continue; // all of it damaged
          }
          HostTensor x = new HostTensor(parts.spec().images(batch.size()), batch.images());
          int used = Math.min(batch.size(), images - done);
          System.arraycopy(graph.logits(x).values(), 0, logits, done * classes, used * classes);
          done += used;
        }
      }
    }
    return new HostTensor(Shape.of(images, classes), logits);
  }
}
