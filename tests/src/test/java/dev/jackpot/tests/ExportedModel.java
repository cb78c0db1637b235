package dev.jackpot.tests;

import dev.jackpot.config.proto.CifarResNet;
import dev.jackpot.config.proto.Export.Values;
import dev.jackpot.config.proto.Normalization;
import dev.jackpot.config.proto.Runtime;
import dev.jackpot.export.EvaluationView;
import dev.jackpot.export.Sample;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.tensorflow.EagerSession;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** A small sparse network to export, and what its training graph gives. */
final class ExportedModel {
  static final int CLASSES = 10;
  static final NetworkSpec SPEC = new NetworkSpec(32, 32, 3, CLASSES);
  private static final Normalization NORMALIZATION =
      Normalization.newBuilder()
          .addAllMean(List.of(.485, .456, .406))
          .addAllStd(List.of(.229, .224, .225))
          .build();

  private ExportedModel() {}

  /** Random ones. */
  static byte[] pixels(int images) {
    byte[] pixels = new byte[(int) SPEC.images(images).size()];
    new Random(11).nextBytes(pixels);
    return pixels;
  }

  static Sample sample(ServableModel model, byte[] pixels, int images) {
    return new Sample(SPEC.images(images), pixels, logits(model, pixels, images));
  }

  /** The same with its kernels in fewer bits, as TensorFlow rounds them. */
  static ServableModel rounded(ServableModel model, Values values) {
    Map<String, HostTensor> rounded = new LinkedHashMap<>(model.values());
    if (values != Values.FLOAT32) {
      Class<? extends TNumber> type = values == Values.FLOAT16 ? TFloat16.class : TBfloat16.class;
      for (Parameter kernel : NetworkSummary.of(model.network(), SPEC).kernels()) {
        rounded.put(kernel.name(), cast(model.values().get(kernel.name()), type));
      }
    }
    return new ServableModel(
        model.network(),
        SPEC,
        rounded,
        model.normalization(),
        model.view(),
        model.classes(),
        Map.of());
  }

  private static HostTensor cast(HostTensor value, Class<? extends TNumber> type) {
    try (EagerSession session = EagerSession.create();
        TFloat32 given = TFloat32.tensorOf(value.shape(), DataBuffers.of(value.values()))) {
      Ops tf = Ops.create(session);
      return Variables.host(
          tf.dtypes.cast(tf.dtypes.cast(tf.constantOf(given), type), TFloat32.class).asTensor());
    }
  }

  /** ResNet-8 of width 8, nine tenths of every convolution pruned, averages as if trained. */
  static ServableModel make(EvaluationView view) {
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
    return new ServableModel(network, SPEC, values, NORMALIZATION, view, classes, Map.of());
  }

  /** The training graph's. */
  static HostTensor logits(ServableModel model, byte[] pixels, int images) {
    float[] normalized = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      double unit = (pixels[i] & 0xff) / 255.0;
      normalized[i] = (float) ((unit - NORMALIZATION.getMean(i % 3)) / NORMALIZATION.getStd(i % 3));
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        Tensor input = TFloat32.tensorOf(SPEC.images(images), DataBuffers.of(normalized))) {
      Model<TFloat32> net =
          new Model<>(graph, TFloat32.class, model.network(), SPEC, p -> KernelForm.DENSE);
      var placeholder = net.tf().placeholder(TFloat32.class, Placeholder.shape(SPEC.images(-1)));
      var tower = net.lay(placeholder, Phase.INFERENCE);
      net.variables().assign(session, model.values());
      try (Result result = session.runner().feed(placeholder, input).fetch(tower.logits()).run()) {
        return Variables.host(result.get(0));
      }
    }
  }
}
