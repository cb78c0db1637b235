package dev.jackpot.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Export;
import dev.jackpot.config.proto.Normalization;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.export.Npy;
import dev.jackpot.export.Sample;
import dev.jackpot.export.SavedModelWriter;
import dev.jackpot.export.ServableModel;
import dev.jackpot.export.WeightFormats;
import dev.jackpot.export.WeightSource;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * An exported model gives Python TensorFlow the logits of the training graph, by both signatures.
 */
@RequiresPeer
class SavedModelInPythonTest {
  private static final int IMAGES = 70;
  private static final int CLASSES = 10;
  private static final NetworkSpec SPEC = new NetworkSpec(32, 32, 3, CLASSES);
  private static final Normalization NORMALIZATION =
      Normalization.newBuilder()
          .addAllMean(List.of(.485, .456, .406))
          .addAllStd(List.of(.229, .224, .225))
          .build();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pythonReadsBothSignatures(boolean fold) throws Exception {
    ServableModel model = model();
    byte[] pixels = new byte[(int) SPEC.images(IMAGES).size()];
    new Random(11).nextBytes(pixels);
    HostTensor expected = logits(model, pixels);
    Path savedModel = folder.resolve("saved_model/1");
    new SavedModelWriter(Export.newBuilder().setFoldBatchNorm(fold).build())
        .write(savedModel, model, new Sample(SPEC.images(IMAGES), pixels, expected));
    Path images = folder.resolve("images.npy");
    Npy.write(images, SPEC.images(IMAGES), pixels);

    Path out = folder.resolve("out.npz");
    PeerProgram.run(folder.resolve("log.txt"), "load_saved_model.py", savedModel, images, out);

    try (WeightSource source = WeightFormats.open(out)) {
      for (String signature : List.of("serving_default", "serving_uint8")) {
        assertThat(source.info(signature + "/label").dtype()).isEqualTo("int64");
        assertThat(source.info(signature + "/probabilities").shape())
            .isEqualTo(Shape.of(IMAGES, CLASSES));
        float[] found = source.read(signature + "/logits").values();
        float[] labels = source.read(signature + "/label").values();
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i]).isCloseTo(expected.values()[i], within(1e-4f));
        }
        for (int i = 0; i < IMAGES; i++) {
          assertThat((int) labels[i]).isEqualTo(largest(expected.values(), i * CLASSES));
        }
      }
    }
  }

  private static int largest(float[] values, int from) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
      best = values[from + c] > values[from + best] ? c : best;
    }
    return best;
  }

  /** ResNet-8 of width 8, nine tenths of every convolution pruned, averages as if trained. */
  private static ServableModel model() {
    Network network =
        Networks.REGISTRY.create(
            dev.jackpot.config.proto.Network.newBuilder()
                .setCifarResnet(CifarResNet.newBuilder().setDepth(8).setWidth(8))
                .build());
    List<Parameter> parameters = NetworkSummary.of(network, SPEC).parameters();
    Map<String, HostTensor> values =
        new LinkedHashMap<>(
            InitialValues.draw(parameters, 5, Runtime.newBuilder().setThreads(1).build()));
    Random random = new Random(2);
    for (Parameter p : parameters) {
      float[] v = values.get(p.name()).values();
      for (int i = 0; i < v.length; i++) {
        switch (p.role()) {
          case CONVOLUTION_KERNEL -> v[i] = random.nextInt(10) == 0 ? v[i] : 0;
          case MOVING_MEAN, BETA -> v[i] = (float) random.nextGaussian() * .1f;
          case MOVING_VARIANCE -> v[i] = .5f + random.nextFloat();
          default -> {}
        }
      }
    }
    List<String> classes = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    return new ServableModel(network, SPEC, values, NORMALIZATION, classes);
  }

  private static HostTensor logits(ServableModel model, byte[] pixels) {
    float[] normalized = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      double unit = (pixels[i] & 0xff) / 255.0;
      normalized[i] = (float) ((unit - NORMALIZATION.getMean(i % 3)) / NORMALIZATION.getStd(i % 3));
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor images = TFloat32.tensorOf(SPEC.images(IMAGES), DataBuffers.of(normalized))) {
      Model<TFloat32> net =
          new Model<>(graph, TFloat32.class, model.network(), SPEC, p -> KernelForm.DENSE);
      var placeholder = net.tf().placeholder(TFloat32.class, Placeholder.shape(SPEC.images(-1)));
      var tower = net.lay(placeholder, Phase.INFERENCE);
      net.variables().assign(session, model.values());
      try (Result result = session.runner().feed(placeholder, images).fetch(tower.logits()).run()) {
        return Variables.host(result.get(0));
      }
    }
  }
}
