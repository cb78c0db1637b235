package dev.jackpot.training;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.ExperimentStages;
import dev.jackpot.config.Sha256;
import dev.jackpot.config.proto.Experiment;
import dev.jackpot.config.proto.Stage;
import dev.jackpot.export.ExportReport;
import dev.jackpot.graph.LayerCost;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Sessions;
import dev.jackpot.pruning.Mask;
import dev.jackpot.training.data.DataSet;
import dev.jackpot.training.data.Split;
import dev.jackpot.training.report.HtmlReport;
import dev.jackpot.training.run.Manifest;
import dev.jackpot.training.run.RescaleRecord;
import dev.jackpot.training.run.Result;
import dev.jackpot.training.run.RunDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.tensorflow.TensorFlow;

/**
 * A whole experiment in its run directory: stages, export, result, report. What {@code jackpot run}
 * does.
 */
public final class ExperimentService {
  private static final Logger LOG = LogManager.getLogger(ExperimentService.class);
  private static final double UNKNOWN = Double.NaN;

  private ExperimentService() {}

  /**
   * Runs an experiment to its end, or continues one.
   *
   * @param experiment resolved and validated
   * @param directory of the run
   * @param resume continue what is there; a run that is complete is left as it is
   * @param listeners called after the run's own
   * @param stop asks the run to stop
   * @return what came out
   * @throws RunInterruptedException if it was asked to stop; its state is saved
   * @throws dev.jackpot.config.ConfigException if the config, the data or the weights do not fit,
   *     or the directory is another run's
   */
  public static Result run(
      Experiment experiment,
      Path directory,
      boolean resume,
      List<Listener> listeners,
      StopSignal stop) {
    ExperimentParts parts = ExperimentParts.open(experiment);
    return run(parts, () -> StartingValues.of(parts), directory, resume, listeners, stop);
  }

  /**
   * The same with parts that are open already.
   *
   * @param initial the parameters that the first stage finds
   */
  static Result run(
      ExperimentParts parts,
      Supplier<State> initial,
      Path directory,
      boolean resume,
      List<Listener> listeners,
      StopSignal stop) {
    Experiment experiment = parts.experiment();
    if (!RunDirectory.isBegun(directory)) {
      check(parts);
    }
    try (RunDirectory run =
        resume
            ? RunDirectory.resume(directory, experiment)
            : RunDirectory.create(directory, experiment)) {
      listeners.forEach(l -> l.opened(run));
      if (Files.exists(run.result())) {
        LOG.info("{} is complete already", directory);
        if (!Files.exists(run.report())) {
          HtmlReport.write(run);
        }
        return Result.read(run.result());
      }
      manifest(parts, run).write(run.manifest());
      ExperimentRunner.Trained trained =
          new ExperimentRunner(parts, initial, run, listeners, stop).train();
      stop.throwIfRequested("before the export");
      TrainedNetwork network = new TrainedNetwork(parts, trained.state());
      Optional<ExportReport> exported =
          experiment.hasExport()
              ? Optional.of(
                  network.export(
                      run.savedModel(), experiment.getExport(), Optional.of(run.manifest())))
              : Optional.empty();
      Result result =
          result(
              network,
              trained.progress(),
              exported,
              new SkippedImages(parts.data(), run)::count,
              rescaled(experiment, run));
      Manifest.read(run.manifest()).withFinished(Instant.now()).write(run.manifest());
      result.write(run.result());
      HtmlReport.write(run);
      return result;
    }
  }

  /** Finds what would fail later, before anything is written. */
  private static void check(ExperimentParts parts) {
    Sessions.checkDevice(parts.experiment().getRuntime());
    StageCheck.check(parts);
    StartingValues.check(parts);
  }

  private static Manifest manifest(ExperimentParts parts, RunDirectory run) {
    if (run.isResumed() && Files.exists(run.manifest())) {
      Manifest before = Manifest.read(run.manifest());
      requireSameData(before, parts.data());
      return before.withResumed(Instant.now());
    }
    Experiment experiment = parts.experiment();
    DataSet data = parts.data();
    Manifest.Builder manifest =
        Manifest.builder()
            .jackpotVersion(version())
            .tensorflowVersion(TensorFlow.version())
            .device(Sessions.mayUseGpu(experiment.getRuntime()) ? "GPU" : "CPU")
            .precision(experiment.getRuntime().getPrecision().name())
            .cores(Runtime.getRuntime().availableProcessors())
            .threads(Sessions.threads(experiment.getRuntime()))
            .seed(experiment.getSeed())
            .configSha256(RunDirectory.hash(experiment))
            .data(data.description(), data.fingerprint())
            .started(Instant.now());
    if (experiment.hasWeights()) {
      Path weights = Path.of(experiment.getWeights().getPath());
      manifest.weights(weights.toString(), Files.isRegularFile(weights) ? Sha256.of(weights) : "");
    }
    return manifest.build();
  }

  private static void requireSameData(Manifest before, DataSet data) {
    String found = data.fingerprint();
    if (!before.dataFingerprint().equals(found)) {
      throw new ConfigException(
          "the run was begun with other data: %s had fingerprint %s…, now it has %s…"
              .formatted(
                  before.data(),
                  before.dataFingerprint().substring(0, 12),
                  found.substring(0, 12)));
    }
  }

  /** This program's version. */
  static String version() {
    String version = ExperimentService.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private static Result result(
      TrainedNetwork network,
      Progress progress,
      Optional<ExportReport> exported,
      IntSupplier skippedImages,
      Map<String, RescaleRecord> rescaled) {
    NetworkSummary summary = network.parts().summary();
    long pruned = 0;
    long sparse = 0;
    List<Result.Kernel> kernels = new ArrayList<>();
    boolean anyMask = summary.kernels().stream().anyMatch(k -> network.state().mask(k).isPresent());
    for (LayerCost cost : summary.costs()) {
      Parameter kernel = cost.kernel();
      Optional<Mask> mask = network.state().mask(kernel);
      long kept = mask.map(Mask::kept).orElse(kernel.size());
      pruned += kernel.size() - kept;
      sparse += kept * cost.positions();
      // a kernel that no stage may prune does not count towards the sparsity
      if (mask.isPresent() || !anyMask) {
        kernels.add(new Result.Kernel(kernel.name(), shape(kernel), kept, kernel.size()));
      }
    }
    List<Result.StageResult> stages = progress.finished();
    double last = stages.get(stages.size() - 1).accuracy();
    boolean validated = network.parts().data().validation().isPresent();
    double accuracy = validated ? network.evaluate().accuracy() : last;
    return Result.builder()
        .accuracy(accuracy)
        .validationAccuracy(validated ? last : UNKNOWN)
        .denseAccuracy(anyMask ? measured(progress.denseAccuracy()) : accuracy)
        .startAccuracy(measured(progress.startAccuracy()))
        .parameters(summary.parameterCount(), summary.parameterCount() - pruned)
        .flops(summary.multiplyAccumulates(), sparse)
        .seconds(stages.stream().mapToDouble(Result.StageResult::seconds).sum())
        .bytes(exported.map(ExportReport::bytes).orElse(0L))
        .denseBytes(exported.map(ExportReport::denseBytes).orElse(0L))
        .testImages(fewer(network.parts().data().test()))
        // at the end: the test images have been looked at
        .skippedImages(skippedImages.getAsInt())
        .kernels(kernels)
        .stages(stages)
        .rescaled(rescaled)
        .build();
  }

  private static Map<String, RescaleRecord> rescaled(Experiment experiment, RunDirectory run) {
    Map<String, RescaleRecord> rescaled = new LinkedHashMap<>();
    for (Stage stage : ExperimentStages.of(experiment)) {
      if (stage.hasRescale()) {
        rescaled.put(stage.getName(), RescaleRecord.read(run.rescaling(stage.getName())));
      }
    }
    return rescaled;
  }

  /** How many images evaluation shows, if not all of them; else 0. */
  private static int fewer(Split split) {
    int usable = (int) IntStream.range(0, split.size()).filter(split::usable).count();
    return usable == split.size() ? 0 : usable;
  }

  private static List<Long> shape(Parameter kernel) {
    List<Long> shape = new ArrayList<>();
    for (long size : kernel.shape().asArray()) {
      shape.add(size);
    }
    return shape;
  }

  private static double measured(double accuracy) {
    return accuracy < 0 ? UNKNOWN : accuracy;
  }
}
