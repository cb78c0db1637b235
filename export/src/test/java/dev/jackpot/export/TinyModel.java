package dev.jackpot.export;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Normalization;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.KernelForm;
import dev.jackpot.graph.Model;
import dev.jackpot.graph.Network;
import dev.jackpot.graph.NetworkSpec;
import dev.jackpot.graph.NetworkSummary;
import dev.jackpot.graph.Networks;
import dev.jackpot.graph.Parameter;
import dev.jackpot.graph.Phase;
import dev.jackpot.graph.Role;
import dev.jackpot.graph.Tower;
import dev.jackpot.graph.Variables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A ResNet-8 of width 4 on 12×12 images with random values, a tenth of its convolutions' weights
 * kept.
 */
final class TinyModel {
  static final NetworkSpec SPEC = new NetworkSpec(12, 12, 3, 5);
  static final Normalization NORMALIZATION =
      Normalization.newBuilder()
          .addMean(.4)
          .addMean(.5)
          .addMean(.6)
          .addStd(.2)
          .addStd(.25)
          .addStd(.3)
          .build();
  static final Network NETWORK = network(8, 4);

  private TinyModel() {}

  static Network network(int depth, int width) {
    return Networks.REGISTRY.create(
        dev.jackpot.config.proto.Network.newBuilder()
            .setCifarResnet(
                CifarResNet.newBuilder()
                    .setDepth(depth)
                    .setWidth(width)
                    .setShortcut(CifarResNet.Shortcut.B))
            .build());
  }

  static ServableModel make(long seed) {
    return make(NETWORK, SPEC, seed);
  }

  /** Another network with such values; convolutions' are scaled so that deep ones stay finite. */
  static ServableModel make(Network network, NetworkSpec spec, long seed) {
    Random random = new Random(seed);
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (Parameter p : NetworkSummary.of(network, spec).parameters()) {
      values.put(p.name(), value(p, random));
    }
    return new ServableModel(
        network, spec, values, NORMALIZATION, List.of("a", "b", "c", "d", "e"));
  }

  private static HostTensor value(Parameter p, Random random) {
    float[] v = new float[p.size()];
    double kept = p.role() == Role.CONVOLUTION_KERNEL ? .1 : 1;
    float deviation = (float) Math.min(1, Math.sqrt(2 / (kept * fanIn(p))));
    for (int i = 0; i < v.length; i++) {
      v[i] =
          switch (p.role()) {
            case CONVOLUTION_KERNEL ->
                random.nextInt(10) == 0 ? (float) random.nextGaussian() * deviation : 0;
            case DEPTHWISE_KERNEL, SQUEEZE_EXCITE_KERNEL, DENSE_KERNEL ->
                (float) random.nextGaussian() * deviation;
            case MOVING_VARIANCE -> .2f + random.nextFloat();
            case GAMMA -> .5f + random.nextFloat();
            default -> (float) random.nextGaussian() * .3f;
          };
    }
    return new HostTensor(p.shape(), v);
  }

  /** Values that one output is the sum of; 1 where the parameter is no kernel. */
  private static long fanIn(Parameter p) {
    long[] shape = p.shape().asArray();
    return switch (p.role()) {
      case CONVOLUTION_KERNEL, SQUEEZE_EXCITE_KERNEL -> shape[0] * shape[1] * shape[2];
      case DEPTHWISE_KERNEL -> shape[0] * shape[1];
      case DENSE_KERNEL -> shape[0];
      default -> 1;
    };
  }

  /** Random images with the logits of a graph that trains. */
  static Sample sample(ServableModel model, int images) {
    byte[] pixels = new byte[(int) model.spec().images(images).size()];
    new Random(3).nextBytes(pixels);
    return sample(model, images, pixels);
  }

  static Sample sample(ServableModel model, int images, byte[] pixels) {
    Shape shape = model.spec().images(images);
    float[] normalized = new float[pixels.length];
    int channels = model.spec().channels();
    for (int i = 0; i < pixels.length; i++) {
      double mean = model.normalization().getMean(i % channels);
      normalized[i] =
          (float)
              (((pixels[i] & 0xff) / 255.0 - mean) / model.normalization().getStd(i % channels));
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor input = TFloat32.tensorOf(shape, DataBuffers.of(normalized))) {
      Model<TFloat32> net =
          new Model<>(graph, TFloat32.class, model.network(), model.spec(), p -> KernelForm.DENSE);
      var placeholder =
          net.tf().placeholder(TFloat32.class, Placeholder.shape(model.spec().images(-1)));
      net.lay(placeholder, Phase.TRAINING);
      Tower<TFloat32> tower = net.lay(placeholder, Phase.INFERENCE);
      net.variables().assign(session, model.values());
      try (Result result = session.runner().feed(placeholder, input).fetch(tower.logits()).run()) {
        return new Sample(shape, pixels, Variables.host(result.get(0)));
      }
    }
  }
}
