package dev.jackpot.export;

import dev.jackpot.graph.HostTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Folds batch norm at inference into the convolution before it: with s = γ / √(σ² + ε), the kernel
 * becomes kernel · s per output channel and the batch norm becomes the addition of β − μ · s. A
 * zero of the kernel stays zero.
 *
 * <p>Only a batch norm that reads a convolution's output directly, is its only reader, and shares
 * none of the variables with anything else can go; others stay as they are. The new bias lives in
 * the variable of β, those of γ, μ and σ² are no longer read.
 *
 * @param graph with the folded nodes replaced; what is no longer read is still in it
 * @param values of the variables, with the folded kernels and biases
 * @param folded how many batch norms were folded, one that two forward passes share counted once
 */
record BatchNormFolding(GraphDef graph, Map<String, HostTensor> values, int folded) {

  /** The variables of one batch norm and of the kernel before it. */
  private record Site(
      String kernel, String gamma, String beta, String mean, String variance, float epsilon) {
    List<String> variables() {
      return List.of(kernel, gamma, beta, mean, variance);
    }
  }

  /**
   * Folds all that can be.
   *
   * @param graph stripped to what inference needs
   * @param values of its variables by the name of their VarHandleOp
   */
  static BatchNormFolding of(GraphDef graph, Map<String, HostTensor> values) {
    Finder finder = new Finder(graph);
    Map<String, Site> sites = finder.sites();
    Map<String, HostTensor> folded = new LinkedHashMap<>(values);
    sites.values().stream().distinct().forEach(site -> fold(site, folded));
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      rewritten.addNode(sites.containsKey(node.getName()) ? bias(node) : node);
    }
    return new BatchNormFolding(
        rewritten.build(), folded, (int) sites.values().stream().distinct().count());
  }

  private static NodeDef bias(NodeDef norm) {
    return Nodes.node(norm.getName(), "BiasAdd", norm.getInput(0), norm.getInput(2))
        .putAttr("T", norm.getAttrOrThrow("T"))
        .putAttr("data_format", norm.getAttrOrThrow("data_format"))
        .build();
  }

  private static void fold(Site site, Map<String, HostTensor> values) {
    float[] gamma = values.get(site.gamma()).values();
    float[] beta = values.get(site.beta()).values();
    float[] mean = values.get(site.mean()).values();
    float[] variance = values.get(site.variance()).values();
    HostTensor kernel = values.get(site.kernel());
    double[] scale = new double[gamma.length];
    float[] bias = new float[gamma.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = gamma[c] / Math.sqrt((double) variance[c] + site.epsilon());
      bias[c] = (float) (beta[c] - mean[c] * scale[c]);
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

  /** Finds the batch norms that can be folded. */
  private static final class Finder {
    private final GraphDef graph;
    private final Map<String, NodeDef> nodes;
    private final Map<String, List<String>> readers = new HashMap<>();

    Finder(GraphDef graph) {
      this.graph = graph;
      this.nodes = Nodes.byName(graph);
      for (NodeDef node : graph.getNodeList()) {
        for (String input : node.getInputList()) {
          readers.computeIfAbsent(Nodes.source(input), n -> new ArrayList<>()).add(node.getName());
        }
      }
    }

    /** By the name of the batch norm's node. */
    Map<String, Site> sites() {
      Map<String, Site> found = new LinkedHashMap<>();
      for (NodeDef node : graph.getNodeList()) {
        site(node).ifPresent(s -> found.put(node.getName(), s));
      }
      // a variable that anything but this very fold reads keeps its value, so the fold cannot
      // happen
      Map<String, List<Site>> byVariable =
          found.values().stream()
              .distinct()
              .flatMap(s -> s.variables().stream().map(v -> Map.entry(v, s)))
              .collect(
                  Collectors.groupingBy(
                      Map.Entry::getKey,
                      Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
      found
          .values()
          .removeIf(
              s ->
                  s.variables().stream()
                      .anyMatch(v -> byVariable.get(v).size() > 1 || readElsewhere(v, s, found)));
      return found;
    }

    private Optional<Site> site(NodeDef norm) {
      if (!norm.getOp().startsWith("FusedBatchNorm") || norm.getAttrOrThrow("is_training").getB()) {
        return Optional.empty();
      }
      NodeDef convolution = nodes.get(Nodes.source(norm.getInput(0)));
      boolean direct =
          convolution.getOp().equals("Conv2D")
              || convolution.getOp().equals("DepthwiseConv2dNative");
      if (!direct || readers.get(convolution.getName()).size() != 1 || !onlyFirstOutputRead(norm)) {
        return Optional.empty();
      }
      String kernel = variable(convolution.getInput(1));
      List<String> own = norm.getInputList().subList(1, 5).stream().map(this::variable).toList();
      if (kernel.isEmpty() || own.contains("")) {
        return Optional.empty();
      }
      float epsilon = norm.getAttrOrThrow("epsilon").getF();
      return Optional.of(new Site(kernel, own.get(0), own.get(1), own.get(2), own.get(3), epsilon));
    }

    /** The variable an input is a plain read of, or "". */
    private String variable(String input) {
      NodeDef read = nodes.get(Nodes.source(input));
      return read.getOp().equals("ReadVariableOp") ? Nodes.source(read.getInput(0)) : "";
    }

    private boolean onlyFirstOutputRead(NodeDef norm) {
      return readers.getOrDefault(norm.getName(), List.of()).stream()
          .flatMap(r -> nodes.get(r).getInputList().stream())
          .filter(i -> Nodes.source(i).equals(norm.getName()))
          .allMatch(Nodes::isFirstOutput);
    }

    private boolean readElsewhere(String variable, Site site, Map<String, Site> found) {
      return readers.get(variable).stream()
          .flatMap(read -> readers.getOrDefault(read, List.of()).stream())
          .anyMatch(user -> !Objects.equals(site, foldOf(user, found)));
    }

    /** The fold that takes in a batch norm, or the convolution before one. */
    private Site foldOf(String user, Map<String, Site> found) {
      Site own = found.get(user);
      return own != null || readers.getOrDefault(user, List.of()).size() != 1
          ? own
          : found.get(readers.get(user).get(0));
    }
  }
}
