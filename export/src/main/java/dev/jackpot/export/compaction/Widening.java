package dev.jackpot.export.compaction;

import dev.jackpot.config.ConfigException;
import dev.jackpot.config.proto.WiredLayer;
import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.wiring.KernelShape;
import dev.jackpot.graph.wiring.Reachability;
import dev.jackpot.graph.wiring.WiredNode;
import dev.jackpot.pruning.Mask;
import dev.jackpot.pruning.Masks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.tensorflow.ndarray.Shape;

/**
 * Plants redundancy: hidden channels get copies, whose outgoing weights take a share of the
 * originals', so that the function stays. A mask cuts the copies off again; everything that only
 * feeds them must then decay (docs/redundancy.md).
 *
 * <p>Where one widened layer reads another, the copies of the one read the copies of the other and
 * the originals the originals: a chain that only feeds itself, cut at its end.
 */
public final class Widening {
  private final ValuedWiring old;
  private final double share;

  /** How many channels of a layer's output have a copy, by the layer's index. */
  private final Map<Integer, Integer> copies = new HashMap<>();

  private final Map<String, HostTensor> values = new LinkedHashMap<>();
  private final Map<String, Mask> masks = new LinkedHashMap<>();
  private long cut;

  private Widening(ValuedWiring old, double share) {
    this.old = old;
    this.share = share;
  }

  /**
   * A widened network.
   *
   * @param network with its copies in use; its logits are the original's but for rounding
   * @param cut masks of all kernels: without the copies' outgoing weights
   * @param cutWeights how many weights that cuts
   * @param upstream how many live weights the cut leaves without a gradient
   */
  public record Result(ValuedWiring network, Masks cut, long cutWeights, long upstream) {
    /** Weights that must decay, over weights that are cut. */
    public double amplification() {
      return (double) upstream / cutWeights;
    }
  }

  /**
   * Widens a network.
   *
   * @param layers names of convolutions and dense layers
   * @param count copies of each layer: of its first channels; absent: of all
   * @param share of the outgoing weights that the copies take, in (0, 1)
   * @throws ConfigException if a layer's channels are not hidden, or it has fewer than that
   */
  public static Result of(
      ValuedWiring network, List<String> layers, OptionalInt count, double share) {
    network.wiring().requireKnown("widening", "");
    if (!(share > 0 && share < 1)) {
      throw new ConfigException("--share: expected a number in (0, 1), found " + share);
    }
    Widening widening = new Widening(network, share);
    Hidden hidden = new Hidden(network.wiring());
    for (String layer : layers) {
      List<WiredNode> passing = hidden.of(layer);
      int channels = passing.get(0).channels();
      int wanted = count.orElse(channels);
      if (wanted < 1 || wanted > channels) {
        throw new ConfigException(
            "--copies: expected 1 to the %d channels of %s, found %d"
                .formatted(channels, layer, wanted));
      }
      passing.forEach(n -> widening.copies.put(n.index(), wanted));
    }
    return widening.result();
  }

  private Result result() {
    Rewiring rewiring = new Rewiring(old.wiring());
    for (WiredNode node : old.wiring().nodes()) {
      WiredLayer.Builder layer = node.layer().toBuilder();
      if (node.kind() == Kind.CONVOLUTION || node.kind() == Kind.DENSE) {
        layer.setFilters(node.channels() + copies(node.index()));
      }
      rewiring.put(node, layer);
      node.kernels().forEach(k -> kernel(node, k));
    }
    vectors();
    Map<String, HostTensor> ordered = new LinkedHashMap<>();
    old.values().keySet().forEach(n -> ordered.put(n, values.get(n)));
    Masks all = new Masks(masks);
    ValuedWiring network = new ValuedWiring(rewiring.wiring(), ordered, Map.of());
    long upstream =
        Reachability.of(network.wiring(), k -> all.get(k)::kept).deadWeightCount()
            - Reachability.of(old.wiring(), k -> i -> kept(k, i)).deadWeightCount();
    return new Result(network, all, cut, upstream);
  }

  private boolean kept(String kernel, int index) {
    Mask mask = old.masks().get(kernel);
    return mask == null || mask.kept(index);
  }

  private int copies(int node) {
    return copies.getOrDefault(node, 0);
  }

  /** A value for each channel of a layer, the copies' behind the others. */
  private void vectors() {
    for (String parameter : old.values().keySet()) {
      if (values.containsKey(parameter)) {
        continue;
      }
      String layer = parameter.substring(0, parameter.lastIndexOf('/'));
      values.put(parameter, extended(old.values().get(parameter), copiesOf(layer)));
    }
  }

  private int copiesOf(String layer) {
    // a squeeze-excite's second bias is of its channels, the first of the units in between
    return old.wiring().nodes().stream()
        .filter(n -> n.name().equals(layer) || (n.name() + "/expand").equals(layer))
        .filter(n -> n.kind() != Kind.SKIP)
        .mapToInt(n -> copies(n.index()))
        .max()
        .orElse(0);
  }

  private static HostTensor extended(HostTensor vector, int copies) {
    float[] all = java.util.Arrays.copyOf(vector.values(), vector.values().length + copies);
    System.arraycopy(vector.values(), 0, all, vector.values().length, copies);
    return new HostTensor(Shape.of(all.length), all);
  }

  private void kernel(WiredNode node, String kernel) {
    KernelShape shape = KernelShape.of(old.wiring(), node, kernel);
    int in = copies(node.input());
    int out = copies(node.index());
    if (node.kind() == Kind.DEPTHWISE) {
      out = 0;
    } else if (kernel.endsWith("/reduce/kernel") && node.kind() == Kind.SQUEEZE_EXCITE) {
      out = 0;
    } else if (node.kind() == Kind.SQUEEZE_EXCITE) {
      in = 0;
    }
    float[] weights = old.of(kernel);
    int inputs = shape.inputs() + in;
    int outputs = shape.outputs() + out;
    float[] wide = new float[shape.positions() * inputs * outputs];
    boolean[] live = new boolean[wide.length];
    int next = 0;
    for (int p = 0; p < shape.positions(); p++) {
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          int from = shape.index(p, i % shape.inputs(), o % shape.outputs());
          double part = part(node, shape, i, o, in, out);
          boolean isCut =
              in > 0 && out == 0 && i >= shape.inputs() && node.kind() != Kind.DEPTHWISE;
          wide[next] = (float) (weights[from] * part);
          live[next] = kept(kernel, from) && part != 0 && !isCut;
          cut += isCut && kept(kernel, from) ? 1 : 0;
          next++;
        }
      }
    }
    long[] axes = old.values().get(kernel).shape().asArray();
    axes[axes.length - 2] = inputs;
    axes[axes.length - 1] = outputs;
    values.put(kernel, new HostTensor(Shape.of(axes), wide));
    masks.put(kernel, Mask.of(Shape.of(axes), live));
  }

  /** By what a weight between two channels, or copies of them, is multiplied. */
  private double part(WiredNode node, KernelShape shape, int i, int o, int in, int out) {
    boolean copied = i % shape.inputs() < in;
    if (!copied || node.kind() == Kind.DEPTHWISE) {
      return 1;
    }
    boolean fromCopy = i >= shape.inputs();
    if (out > 0) {
      return fromCopy == o >= shape.outputs() ? 1 : 0;
    }
    return fromCopy ? share : 1 - share;
  }

  /** Names of the layers that can be widened. */
  public static List<String> layers(ValuedWiring network) {
    return new ArrayList<>(new Hidden(network.wiring()).names());
  }
}
