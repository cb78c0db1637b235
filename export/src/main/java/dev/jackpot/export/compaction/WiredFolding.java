package dev.jackpot.export.compaction;

import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.wiring.WiredNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/**
 * Folds every batch norm that alone reads a convolution into it: with s = γ / √(σ² + ε) the kernel
 * becomes kernel · s, the bias β + (b − μ) · s. What is zero stays zero, masks stay as they are.
 */
final class WiredFolding {
  private WiredFolding() {}

  static ValuedWiring of(ValuedWiring network) {
    Rewiring rewiring = new Rewiring(network.wiring());
    Map<String, HostTensor> values = new LinkedHashMap<>(network.values());
    for (WiredNode node : network.wiring().nodes()) {
      if (node.kind() == Kind.BATCH_NORM && folds(network, node)) {
        int before = rewiring.at(node.input());
        rewiring.replace(before, rewiring.layer(before).toBuilder().setBias(true).build());
        rewiring.leaveOut(node, before);
        fold(network, node, values);
      } else {
        rewiring.put(node, node.layer().toBuilder());
      }
    }
    return new ValuedWiring(rewiring.wiring(), values, network.masks());
  }

  private static boolean folds(ValuedWiring network, WiredNode norm) {
    WiredNode before = network.wiring().node(norm.input());
    boolean convolution = before.kind() == Kind.CONVOLUTION || before.kind() == Kind.DEPTHWISE;
    // a BIAS layer may have the parameter that the convolution would get
    boolean free =
        before.layer().getBias() || !network.values().containsKey(before.name() + "/bias");
    return convolution
        && free
        && network.wiring().readers(before.index()).size() == 1
        && network.wiring().logits().index() != before.index();
  }

  private static void fold(ValuedWiring network, WiredNode norm, Map<String, HostTensor> values) {
    WiredNode convolution = network.wiring().node(norm.input());
    float[] gamma = values.remove(norm.name() + "/gamma").values();
    float[] beta = values.remove(norm.name() + "/beta").values();
    float[] mean = values.remove(norm.name() + "/moving_mean").values();
    float[] variance = values.remove(norm.name() + "/moving_variance").values();
    String bias = convolution.name() + "/bias";
    float[] before =
        convolution.layer().getBias() ? values.get(bias).values() : new float[gamma.length];
    HostTensor kernel = values.get(convolution.name() + "/kernel");
    double epsilon = network.wiring().file().getEpsilon();
    double[] scale = new double[gamma.length];
    float[] biases = new float[gamma.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
      biases[c] = (float) (beta[c] + ((double) before[c] - mean[c]) * scale[c]);
    }
    float[] weights = kernel.values().clone();
    for (int i = 0; i < weights.length; i++) {
      // the last axis, or of a depthwise kernel the last two, are the output channels
      weights[i] = (float) (weights[i] * scale[i % scale.length]);
    }
    values.put(convolution.name() + "/kernel", new HostTensor(kernel.shape(), weights));
    values.put(bias, new HostTensor(Shape.of(biases.length), biases));
  }
}
