package dev.jackpot.tests;

import dev.jackpot.config.NamedNetworks;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Export.Storage;
import dev.jackpot.config.proto.Export.Values;
import dev.jackpot.config.proto.Normalization;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.export.ExportReport;
import dev.jackpot.export.Sample;
import dev.jackpot.export.SavedModelWriter;
import dev.jackpot.export.ServableModel;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.InitialValues;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Variables;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Writes a network with initial values, every kernel masked, as SavedModels of each storage: what
 * tests/benchmarks/inference measures. Arguments: folder, network's name, image size, classes, mask
 * (random: each kernel alike; magnitude: one threshold for all), sparsity.
 */
final class SparseModels {
  private static final int IMAGES = 2;
  private static final Map<String, Export> STORAGES = storages();

  private SparseModels() {}

  private static Map<String, Export> storages() {
    Map<String, Export> storages = new LinkedHashMap<>();
    storages.put("dense", Export.getDefaultInstance());
    Export.Builder packed = Export.newBuilder().setStorage(Storage.PACKED);
    storages.put("packed-f32", packed.build());
    storages.put("packed-f16", packed.setValues(Values.FLOAT16).build());
    return storages;
  }

  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    var config =
        NamedNetworks.spelledOut(
            dev.jackpot.config.proto.Network.newBuilder().setName(args[1]).build());
    Network network = Networks.REGISTRY.create(config);
    int size = Integer.parseInt(args[2]);
    int classes = Integer.parseInt(args[3]);
    NetworkSpec spec = new NetworkSpec(size, size, 3, classes);
    ServableModel model =
        new ServableModel(
            network,
            spec,
            masked(network, spec, args[4].equals("random"), Double.parseDouble(args[5])),
            Normalization.newBuilder()
                .addAllMean(List.of(0.5, 0.5, 0.5))
                .addAllStd(List.of(0.25, 0.25, 0.25))
                .build(),
            IntStream.range(0, classes).mapToObj(Integer::toString).toList());
    Sample sample = sample(model);
    STORAGES.forEach(
        (name, options) -> {
          ExportReport report =
              new SavedModelWriter(options).write(folder.resolve(name).resolve("1"), model, sample);
          System.out.printf(
              "%s %s %s %s: %d bytes, %d of them positions, entropy bound %.0f%n",
              args[1],
              args[4],
              args[5],
              name,
              report.bytes(),
              report.total().positionBytes(),
              report.entropyBytes());
        });
  }

  private static Map<String, HostTensor> masked(
      Network network, NetworkSpec spec, boolean random, double sparsity) {
    List<Parameter> parameters = NetworkSummary.of(network, spec).parameters();
    Map<String, HostTensor> values =
        new LinkedHashMap<>(InitialValues.draw(parameters, 1, Runtime.getDefaultInstance()));
    List<Parameter> kernels = NetworkSummary.of(network, spec).kernels();
    float threshold = random ? 0 : threshold(kernels, values, sparsity);
    Random draw = new Random(1);
    for (Parameter kernel : kernels) {
      float[] weights = values.get(kernel.name()).values();
      for (int i = 0; i < weights.length; i++) {
        boolean pruned = random ? draw.nextDouble() < sparsity : Math.abs(weights[i]) <= threshold;
        weights[i] = pruned ? 0 : weights[i];
      }
    }
    return values;
  }

  /** The magnitude that a share {@code sparsity} of all kernels' weights does not exceed. */
  private static float threshold(
      List<Parameter> kernels, Map<String, HostTensor> values, double sparsity) {
    int total = kernels.stream().mapToInt(Parameter::size).sum();
    float[] magnitudes = new float[total];
    int at = 0;
    for (Parameter kernel : kernels) {
      for (float weight : values.get(kernel.name()).values()) {
        magnitudes[at++] = Math.abs(weight);
      }
    }
    Arrays.sort(magnitudes);
    return magnitudes[Math.max(0, (int) (sparsity * total) - 1)];
  }

  private static Sample sample(ServableModel model) {
    NetworkSpec spec = model.spec();
    byte[] pixels = new byte[(int) spec.images(IMAGES).size()];
    new Random(2).nextBytes(pixels);
    float[] normalized = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      normalized[i] = ((pixels[i] & 0xff) / 255f - .5f) / .25f;
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor input = TFloat32.tensorOf(spec.images(IMAGES), DataBuffers.of(normalized))) {
      Model<TFloat32> net =
          new Model<>(graph, TFloat32.class, model.network(), spec, p -> KernelForm.DENSE);
      var placeholder = net.tf().placeholder(TFloat32.class, Placeholder.shape(spec.images(-1)));
      var logits = net.lay(placeholder, Phase.INFERENCE).logits();
      net.variables().assign(session, model.values());
      try (Result result = session.runner().feed(placeholder, input).fetch(logits).run()) {
        return new Sample(spec.images(IMAGES), pixels, Variables.host(result.get(0)));
      }
    }
  }
}
