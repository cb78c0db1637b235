package dev.jackpot.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * The batch norms of a graph that can be folded into the convolution before them: each reads the
 * convolution's output, or that with its bias added, directly; nothing else reads it; and no
 * variable of the fold has another use.
 */
final class FoldingSites {
  private static final Set<String> CONVOLUTIONS = Set.of("Conv2D", "DepthwiseConv2dNative");
  private static final String BIAS = "BiasAdd";

  private final GraphDef graph;
  private final Map<String, NodeDef> nodes;
  private final Map<String, List<String>> readers = new HashMap<>();

  /**
   * The variables of one fold.
   *
   * @param bias the convolution's; "" if it has none
   */
  record Site(
      String kernel,
      String bias,
      String gamma,
      String beta,
      String mean,
      String variance,
      float epsilon) {
    List<String> variables() {
      return Stream.of(kernel, bias, gamma, beta, mean, variance)
          .filter(v -> !v.isEmpty())
          .toList();
    }
  }

  FoldingSites(GraphDef graph) {
    this.graph = graph;
    this.nodes = Nodes.byName(graph);
    for (NodeDef node : graph.getNodeList()) {
      for (String input : node.getInputList()) {
        readers.computeIfAbsent(Nodes.source(input), n -> new ArrayList<>()).add(node.getName());
      }
    }
  }

  /** By the name of the batch norm's node. */
  Map<String, Site> all() {
    Map<String, Site> found = new LinkedHashMap<>();
    for (NodeDef node : graph.getNodeList()) {
      site(node).ifPresent(s -> found.put(node.getName(), s));
    }
    // a variable that anything but this very fold reads keeps its value, so the fold cannot happen
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
    if (!norm.getOp().startsWith("FusedBatchNorm")
        || norm.getAttrOrThrow("is_training").getB()
        || !onlyFirstOutputRead(norm)) {
      return Optional.empty();
    }
    NodeDef before = nodes.get(Nodes.source(norm.getInput(0)));
    boolean biased = before.getOp().equals(BIAS);
    NodeDef convolution = biased ? nodes.get(Nodes.source(before.getInput(0))) : before;
    if (!CONVOLUTIONS.contains(convolution.getOp())
        || !hasOneReader(before)
        || !hasOneReader(convolution)) {
      return Optional.empty();
    }
    String kernel = variable(convolution.getInput(1));
    String bias = biased ? variable(before.getInput(1)) : "";
    List<String> own = norm.getInputList().subList(1, 5).stream().map(this::variable).toList();
    if (kernel.isEmpty() || own.contains("") || biased && bias.isEmpty()) {
      return Optional.empty();
    }
    float epsilon = norm.getAttrOrThrow("epsilon").getF();
    return Optional.of(
        new Site(kernel, bias, own.get(0), own.get(1), own.get(2), own.get(3), epsilon));
  }

  private boolean hasOneReader(NodeDef node) {
    return readers.getOrDefault(node.getName(), List.of()).size() == 1;
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

  /** The fold that takes in a batch norm, or the convolution or the bias before one. */
  private Site foldOf(String user, Map<String, Site> found) {
    String node = user;
    while (!found.containsKey(node)) {
      NodeDef before = nodes.get(node);
      boolean leads = CONVOLUTIONS.contains(before.getOp()) || before.getOp().equals(BIAS);
      if (!leads || !hasOneReader(before)) {
        return null;
      }
      node = readers.get(node).get(0);
    }
    return found.get(node);
  }
}
