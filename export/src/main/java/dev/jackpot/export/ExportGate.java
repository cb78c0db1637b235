package dev.jackpot.export;

import static java.util.stream.Collectors.toSet;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.Tensor;

/**
 * What a SavedModel passes before it is called done: loaded again by the plain loader in a fresh
 * process, it has the promised signatures, gives the training graph's logits and labels on real
 * images by all of them, and its variables hold the values that were to be written, with zeros
 * where the masks have them.
 *
 * <p>Where weights are stored in fewer bits, the loaded model is held against the rounded weights
 * in this process's memory, and what rounding changes is reported.
 */
final class ExportGate {
  // images by which serving_jpeg is compared
  private static final int ENCODED = 4;

  private final ServableModel model;
  private final SavedModelWriter.Written written;
  private final Export options;
  private final Runtime runtime;
  private final LogitComparison comparison;

  /** Of a model that runs on all cores. */
  ExportGate(ServableModel model, SavedModelWriter.Written written, Export options) {
    this(model, written, options, Runtime.getDefaultInstance());
  }

  /**
   * @param model what was exported
   * @param written what its variables must hold
   * @param options with the tolerance
   * @param runtime where the loaded model runs
   */
  ExportGate(
      ServableModel model, SavedModelWriter.Written written, Export options, Runtime runtime) {
    this.runtime = runtime;
    this.model = model;
    this.written = written;
    this.options = options;
    this.comparison = new LogitComparison(options.getTolerance());
  }

  /**
   * Holds the SavedModel in {@code folder} against the sample.
   *
   * @throws JackpotException that names the first difference
   */
  ExportReport verify(Path folder, Sample sample) {
    checkSample(sample);
    Map<String, HostTensor> expected = written.loaded();
    HostTensor stored = storedLogits(sample, expected);
    try (ModelProcess process = load(folder)) {
      SignatureCheck.check(process.meta(), model.spec());
      Map<String, ExportReport.KernelCount> kernels = checkVariables(process, expected);
      ServedImages served = new ServedImages(process, model, options.getNormalizeInside());
      ServedImages.Outputs floats = served.run(ServingGraph.FLOAT, sample);
      ServedImages.Outputs bytes = served.run(ServingGraph.UINT8, sample);
      String reference = written.exact().isEmpty() ? "the training graph" : "the rounded network";
      double difference =
          comparison.require(ServingGraph.FLOAT, floats.logits(), reference, stored);
      comparison.require(ServingGraph.UINT8, bytes.logits(), reference, stored);
      double between =
          comparison.require(
              ServingGraph.UINT8, bytes.logits(), ServingGraph.FLOAT, floats.logits());
      for (ServedImages.Outputs outputs : List.of(floats, bytes)) {
        outputs.checkConsistent();
        outputs.checkLabels(stored, options.getTolerance());
      }
      checkEncoded(served, sample.first(ENCODED).with(floats.logits(ENCODED)));
      return new ExportReport(
          folder,
          sample.images(),
          difference,
          between,
          floats.labelsAgreeing(sample.logits()),
          bytes(folder),
          written.folded(),
          kernels,
          options.getStorage() == Export.Storage.PACKED,
          rounding(sample, stored, expected));
    }
  }

  private ModelProcess load(Path folder) {
    try {
      return ModelProcess.load(folder, runtime);
    } catch (JackpotException e) {
      throw new JackpotException(
          "the exported model cannot be loaded: " + e.getMessage().replace(folder + ": ", ""), e);
    }
  }

  private void checkSample(Sample sample) {
    if (!sample.shape().equals(model.spec().images(sample.images()))
        || sample.logits().shape().get(1) != model.spec().classes()) {
      throw new JackpotException(
          "cannot verify the export: sample images have shape %s and logits %s, expected %s and %d classes"
              .formatted(
                  sample.shape(),
                  sample.logits().shape(),
                  model.spec().images(-1),
                  model.spec().classes()));
    }
  }

  /**
   * What the loaded model must answer: the training graph's logits, or those of rounded weights.
   */
  private HostTensor storedLogits(Sample sample, Map<String, HostTensor> expected) {
    if (written.exact().isEmpty()) {
      return sample.logits();
    }
    Map<String, HostTensor> exact = new LinkedHashMap<>(expected);
    exact.putAll(written.exact());
    comparison.require(
        "the serving graph", inMemory(exact, sample), "the training graph", sample.logits());
    return inMemory(expected, sample);
  }

  private HostTensor inMemory(Map<String, HostTensor> values, Sample sample) {
    try (ServingSession session = new ServingSession(written.serving().graph(), values)) {
      return session.logits(
          written.serving().signatures().get(ServingGraph.UINT8),
          ServingGraph.UINT8,
          new SampleInputs(model, options.getNormalizeInside()),
          sample);
    }
  }

  private Optional<ExportReport.Rounding> rounding(
      Sample sample, HostTensor stored, Map<String, HostTensor> expected) {
    if (written.exact().isEmpty()) {
      return Optional.empty();
    }
    long lost =
        written.exact().entrySet().stream()
            .mapToLong(e -> e.getValue().nonzero() - expected.get(e.getKey()).nonzero())
            .sum();
    return Optional.of(
        new ExportReport.Rounding(
            options.getValues().name().toLowerCase(Locale.ROOT),
            LogitComparison.relativeDifference(stored, sample.logits()),
            LogitComparison.labelsDiffering(stored, sample.logits()),
            lost));
  }

  /** Every variable holds what was to be written, every kernel its zeros. */
  private Map<String, ExportReport.KernelCount> checkVariables(
      ModelProcess process, Map<String, HostTensor> expected) {
    Map<String, Long> nonzero = new HashMap<>();
    Set<String> kernels = model.kernels().stream().map(Parameter::name).collect(toSet());
    expected.forEach(
        (name, values) -> {
          // one at a time, since a large model's variables are gigabytes
          HostTensor found = read(process, name);
          checkShape(name, found, values);
          if (kernels.contains(name)) {
            checkZeros(name, found, values);
            nonzero.put(name, found.nonzero());
          }
          checkValues(name, found, values);
        });
    Map<String, StoredVariable> stored = new HashMap<>();
    written.variables().forEach(v -> stored.put(v.name(), v));
    Map<String, ExportReport.KernelCount> counts = new LinkedHashMap<>();
    for (Parameter kernel : model.kernels()) {
      StoredVariable v = stored.get(kernel.name());
      counts.put(
          kernel.name(),
          new ExportReport.KernelCount(
              kernel.size(),
              nonzero.get(kernel.name()),
              v.codeName(),
              v.positions().length,
              v.bytes() - v.positions().length));
    }
    return counts;
  }

  private static HostTensor read(ModelProcess process, String name) {
    try (Tensor tensor = process.read(name + ServingGraph.READ + ":0")) {
      return Variables.host(tensor);
    }
  }

  private void checkZeros(String kernel, HostTensor found, HostTensor expected) {
    if (found.nonzero() != expected.nonzero()) {
      throw new JackpotException(
          "the exported model differs: kernel \"%s\" has %d non-zero weights of %d, expected %d"
              .formatted(kernel, found.nonzero(), found.values().length, expected.nonzero()));
    }
    // also what was to be written: folding must not bring back what the mask took
    float[] masked = model.values().get(kernel).values();
    for (int i = 0; i < masked.length; i++) {
      if (masked[i] == 0 && found.values()[i] != 0) {
        throw new JackpotException(
            "the exported model differs: kernel \"%s\" has %s at index %d, where the mask has a zero"
                .formatted(kernel, found.values()[i], i));
      }
    }
  }

  private static void checkShape(String name, HostTensor found, HostTensor expected) {
    if (!found.shape().equals(expected.shape())) {
      throw new JackpotException(
          "the exported model differs: variable \"%s\" has shape %s, expected %s"
              .formatted(name, found.shape(), expected.shape()));
    }
  }

  private static void checkValues(String name, HostTensor found, HostTensor expected) {
    for (int i = 0; i < expected.values().length; i++) {
      if (Float.compare(found.values()[i], expected.values()[i]) != 0) {
        throw new JackpotException(
            "the exported model differs: variable \"%s\" has %s at index %d, expected %s"
                .formatted(name, found.values()[i], i, expected.values()[i]));
      }
    }
  }

  /** Images of the network's own size as PNG files, where evaluation shows them as they are. */
  private void checkEncoded(ServedImages served, Sample sample) {
    if (!ServingGraph.hasJpeg(model.spec())) {
      return;
    }
    ServedImages.Outputs encoded = served.run(ServingGraph.JPEG, sample);
    encoded.checkConsistent();
    boolean square = model.spec().height() == model.spec().width();
    int resize = model.view().resize();
    if (!square || resize == 0 || resize == model.spec().height()) {
      comparison.require(ServingGraph.JPEG, encoded.logits(), ServingGraph.FLOAT, sample.logits());
    }
  }

  private static long bytes(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw AtomicFiles.failure("measure", folder, e);
    }
  }
}
