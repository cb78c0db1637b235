package dev.jackpot.export;

import dev.jackpot.export.FoldingSites.Site;
import dev.jackpot.graph.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Folds batch norm at inference into the convolution before it: with s = γ / √(σ² + ε), the kernel
 * becomes kernel · s per output channel and the batch norm becomes the addition of β + (b − μ) · s,
 * where b is the convolution's bias or 0. A zero of the kernel stays zero.
 *
 * <p>Which batch norms can go: {@link FoldingSites}; others stay as they are. The new bias lives in
 * the variable of β, those of b, γ, μ and σ² are no longer read.
 *
 * @param graph with the folded nodes replaced; what is no longer read is still in it
 * @param values of the variables, with the folded kernels and biases
 * @param folded how many batch norms were folded, one that two forward passes share counted once
 */
record BatchNormFolding(GraphDef graph, Map<String, HostTensor> values, int folded) {

  /**
   * Folds all that can be.
   *
   * @param graph stripped to what inference needs
   * @param values of its variables by the name of their VarHandleOp
   */
  static BatchNormFolding of(GraphDef graph, Map<String, HostTensor> values) {
    Map<String, Site> sites = new FoldingSites(graph).all();
    Map<String, NodeDef> nodes = Nodes.byName(graph);
    Map<String, HostTensor> folded = new LinkedHashMap<>(values);
    sites.values().stream().distinct().forEach(site -> fold(site, folded));
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      rewritten.addNode(sites.containsKey(node.getName()) ? bias(node, nodes) : node);
    }
    return new BatchNormFolding(
        rewritten.build(), folded, (int) sites.values().stream().distinct().count());
  }

  /** What takes the batch norm's place: the addition of the new bias to the bare convolution. */
  private static NodeDef bias(NodeDef norm, Map<String, NodeDef> nodes) {
    NodeDef before = nodes.get(Nodes.source(norm.getInput(0)));
    String convolution = before.getOp().equals("BiasAdd") ? before.getInput(0) : norm.getInput(0);
    return Nodes.node(norm.getName(), "BiasAdd", convolution, norm.getInput(2))
        .putAttr("T", norm.getAttrOrThrow("T"))
        .putAttr("data_format", norm.getAttrOrThrow("data_format"))
        .build();
  }

  private static void fold(Site site, Map<String, HostTensor> values) {
    float[] gamma = values.get(site.gamma()).values();
    float[] beta = values.get(site.beta()).values();
    float[] mean = values.get(site.mean()).values();
    float[] variance = values.get(site.variance()).values();
    float[] before =
        site.bias().isEmpty() ? new float[gamma.length] : values.get(site.bias()).values();
    HostTensor kernel = values.get(site.kernel());
    double[] scale = new double[gamma.length];
    float[] bias = new float[gamma.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = gamma[c] / Math.sqrt((double) variance[c] + site.epsilon());
      bias[c] = (float) (beta[c] + ((double) before[c] - mean[c]) * scale[c]);
    }
    float[] weights = kernel.values().clone();
    for (int i = 0; i < weights.length; i++) {
      // the last axis of [height, width, in, out]; of a depthwise kernel the last two are its
      // output channels
      weights[i] = (float) (weights[i] * scale[i % scale.length]);
    }
    values.put(site.kernel(), new HostTensor(kernel.shape(), weights));
    values.put(site.beta(), new HostTensor(values.get(site.beta()).shape(), bias));
  }
}
