package dev.jackpot.tests;

import com.google.protobuf.TextFormat;
import dev.jackpot.config.proto.Network;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Sessions;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Logits of networks filled by {@link GoldenFormula}: Jackpot's, and those of the peers' files. */
final class GoldenLogits {
  private static final int IMAGES = 2;
  private static final int CLASSES = 100;

  private GoldenLogits() {}

  /**
   * Two images' logits by the network of that config.
   *
   * @param config the schema's {@code Network} as textproto
   * @param size of the images, in pixels
   */
  static float[] computed(String config, int size) throws TextFormat.ParseException {
    Network network = TextFormat.parse(config, Network.class);
    NetworkSpec spec = new NetworkSpec(size, size, 3, CLASSES);
    HostTensor images = GoldenFormula.images(IMAGES, size);
    try (Graph graph = new Graph()) {
      Model<TFloat32> model =
          new Model<>(
              graph,
              TFloat32.class,
              Networks.REGISTRY.create(network),
              spec,
              p -> KernelForm.DENSE);
      Placeholder<TFloat32> input =
          model.tf().placeholder(TFloat32.class, Placeholder.shape(spec.images(IMAGES)));
      Tower<TFloat32> tower = model.lay(input, Phase.INFERENCE);
      try (Session session = Sessions.open(graph, Runtime.getDefaultInstance());
          Tensor fed = TFloat32.tensorOf(images.shape(), DataBuffers.of(images.values()))) {
        Map<String, HostTensor> values = new LinkedHashMap<>();
        tower.parameters().values().forEach(p -> values.put(p.name(), GoldenFormula.parameter(p)));
        model.variables().assign(session, values);
        try (Result result = session.runner().feed(input, fed).fetch(tower.logits()).run()) {
          return Variables.host(result.get(0)).values();
        }
      }
    }
  }

  /** The same as a peer computed them. */
  static float[] read(Path file) throws IOException {
    double[] numbers =
        Stream.of(Files.readString(file).trim().split("\\s+"))
            .mapToDouble(Double::parseDouble)
            .toArray();
    float[] logits = new float[numbers.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) numbers[i];
    }
    return logits;
  }

  /** The largest difference, relative to the largest logit expected. */
  static double difference(float[] found, float[] expected) {
    if (found.length != expected.length) {
      throw new IllegalArgumentException(
          "found %d logits, expected %d".formatted(found.length, expected.length));
    }
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(found[i] - expected[i]));
    }
    return difference / largest;
  }
}
