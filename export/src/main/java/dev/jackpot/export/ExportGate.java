package dev.jackpot.export;

import dev.jackpot.config.AtomicFiles;
import dev.jackpot.config.JackpotException;
import dev.jackpot.config.proto.Export;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.tensorflow.SavedModelBundle;

/**
 * What a SavedModel passes before it is called done: loaded again by the plain loader, it has the
 * promised signatures, gives the training graph's logits and labels on real images by both of them,
 * and its files hold the values that were to be written, with zeros where the masks have them.
 */
final class ExportGate {
  private final ServableModel model;
  private final SavedModelWriter.Written written;
  private final Export options;

  /**
   * @param model what was exported
   * @param written what its variables must hold
   * @param options with the tolerance
   */
  ExportGate(ServableModel model, SavedModelWriter.Written written, Export options) {
    this.model = model;
    this.written = written;
    this.options = options;
  }

  /**
   * Holds the SavedModel in {@code folder} against the sample.
   *
   * @throws JackpotException that names the first difference
   */
  ExportReport verify(Path folder, Sample sample) {
    checkSample(sample);
    Map<String, ExportReport.KernelCount> kernels = countKernels(folder);
    try (SavedModelBundle bundle = SavedModelBundle.load(folder.toString(), SavedModelWriter.TAG)) {
      SignatureCheck.check(bundle.metaGraphDef(), model.spec());
      ServedImages served = new ServedImages(bundle, model, options.getNormalizeInside());
      ServedImages.Outputs floats = served.run(ServingGraph.FLOAT, sample);
      ServedImages.Outputs bytes = served.run(ServingGraph.UINT8, sample);
      double difference =
          compare(ServingGraph.FLOAT, floats.logits(), "the training graph", sample.logits());
      compare(ServingGraph.UINT8, bytes.logits(), "the training graph", sample.logits());
      double between =
          compare(ServingGraph.UINT8, bytes.logits(), ServingGraph.FLOAT, floats.logits());
      for (ServedImages.Outputs outputs : List.of(floats, bytes)) {
        outputs.checkConsistent();
        outputs.checkLabels(sample.logits(), options.getTolerance());
      }
      return new ExportReport(
          folder,
          sample.images(),
          difference,
          between,
          floats.labelsAgreeing(sample.logits()),
          bytes(folder),
          written.folded(),
          kernels);
    } catch (RuntimeException e) {
      throw NativeErrors.explained(e, "the exported model cannot be loaded");
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

  /** Largest difference of a logit over the largest logit of {@code expected}. */
  private double compare(String signature, HostTensor found, String other, HostTensor expected) {
    float[] a = found.values();
    float[] b = expected.values();
    double largest = 0;
    int worst = 0;
    double worstDifference = -1;
    for (int i = 0; i < b.length; i++) {
      largest = Math.max(largest, Math.abs(b[i]));
      double difference = Math.abs((double) a[i] - b[i]);
      // a difference that is not a number is worse than any
      if (difference > worstDifference || Double.isNaN(difference)) {
        worst = i;
        worstDifference = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
      }
    }
    double relative = worstDifference == 0 ? 0 : worstDifference / largest;
    if (!(relative <= options.getTolerance())) {
      int classes = model.spec().classes();
      throw new JackpotException(
          "the exported model differs: %s gives logit %s for image %d, class %d, where %s gives %s; relative to the largest logit %.3g, allowed %.3g"
              .formatted(
                  signature,
                  a[worst],
                  worst / classes,
                  worst % classes,
                  other,
                  b[worst],
                  relative,
                  options.getTolerance()));
    }
    return relative;
  }

  private Map<String, ExportReport.KernelCount> countKernels(Path folder) {
    Map<String, ExportReport.KernelCount> counts = new LinkedHashMap<>();
    try (BundleReader reader = BundleReader.open(SavedModelWriter.variables(folder))) {
      List<String> names = reader.arrays().stream().map(ArrayInfo::name).toList();
      if (!new TreeSet<>(names).equals(new TreeSet<>(written.values().keySet()))) {
        throw new JackpotException(
            "the exported model has variables %s, expected %s"
                .formatted(names, new TreeSet<>(written.values().keySet())));
      }
      for (Parameter kernel : NetworkSummary.of(model.network(), model.spec()).kernels()) {
        HostTensor found = reader.read(kernel.name());
        checkZeros(kernel.name(), found);
        counts.put(kernel.name(), new ExportReport.KernelCount(kernel.size(), found.nonzero()));
      }
      for (Map.Entry<String, HostTensor> e : written.values().entrySet()) {
        checkValues(e.getKey(), reader.read(e.getKey()), e.getValue());
      }
    }
    return counts;
  }

  private void checkZeros(String kernel, HostTensor found) {
    HostTensor expected = written.values().get(kernel);
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

  private static void checkValues(String name, HostTensor found, HostTensor expected) {
    if (!found.shape().equals(expected.shape())) {
      throw new JackpotException(
          "the exported model differs: variable \"%s\" has shape %s, expected %s"
              .formatted(name, found.shape(), expected.shape()));
    }
    for (int i = 0; i < expected.values().length; i++) {
      if (Float.compare(found.values()[i], expected.values()[i]) != 0) {
        throw new JackpotException(
            "the exported model differs: variable \"%s\" has %s at index %d, expected %s"
                .formatted(name, found.values()[i], i, expected.values()[i]));
      }
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
