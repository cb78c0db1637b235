package dev.jackpot.export.compaction;

import dev.jackpot.config.proto.WiredLayer;
import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.graph.HostTensor;
import dev.jackpot.graph.wiring.WiredNode;
import dev.jackpot.pruning.Mask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes what is dead from a network and leaves its logits as they are: channels whose filter is
 * all zero, with what they always give taken into what follows; channels that nothing reads; and
 * branches of which nothing is left (docs/compaction.md).
 */
public final class Compaction {
  private final ValuedWiring old;
  private final KeptChannels kept;
  private final Rewiring rewiring;
  private final Slices slices;
  private final Set<String> names = new HashSet<>();

  /** By the name of a norm: what its convolution's output lacks, to be taken off the mean. */
  private final Map<String, double[]> meanShifts = new HashMap<>();

  /** By the name of a BIAS layer: what its convolution's output lacks. */
  private final Map<String, double[]> biasShifts = new HashMap<>();

  private Compaction(ValuedWiring old) {
    this.old = old;
    old.wiring().nodes().forEach(n -> names.add(n.name()));
    kept = new KeptChannels(old);
    rewiring = new Rewiring(old.wiring());
    slices = new Slices(old, kept);
  }

  /**
   * A layer that lost channels, or is gone.
   *
   * @param kernel its name
   * @param channels of its output before
   * @param kept of them; 0 if the layer is gone
   * @param idle those of the kept ones that are always one number, or that nothing reads: others
   *     that they are added to, or a zero border, keep them
   */
  public record Layer(String kernel, int channels, int kept, int idle) {}

  /**
   * A compacted network.
   *
   * @param network itself; its parameters in the order they are laid
   * @param layers what became of each kernel
   */
  public record Result(ValuedWiring network, List<Layer> layers) {}

  /**
   * Compacts a network.
   *
   * @param foldNorms whether batch norms are first folded into the convolutions before them: right
   *     for a network that is served, not for one that is to be trained on
   * @throws dev.jackpot.config.JackpotException if the network has ops that are no layers
   */
  public static Result of(ValuedWiring network, boolean foldNorms) {
    network.wiring().requireKnown("compaction", "`export { storage: PACKED }` takes any network");
    Compaction compaction = new Compaction(foldNorms ? WiredFolding.of(network) : network);
    return new Result(compaction.network(), compaction.layers());
  }

  private ValuedWiring network() {
    for (WiredNode node : old.wiring().nodes()) {
      if (kept.isAlive(node.index())) {
        lay(node);
      }
    }
    meanShifts.forEach(this::shiftMean);
    biasShifts.forEach(this::shiftBias);
    ValuedWiring unordered = new ValuedWiring(rewiring.wiring(), slices.values(), slices.masks());
    Map<String, HostTensor> values = new LinkedHashMap<>();
    Map<String, Mask> masks = new LinkedHashMap<>();
    unordered
        .summary()
        .parameters()
        .forEach(
            p -> {
              values.put(p.name(), unordered.values().get(p.name()));
              if (unordered.masks().containsKey(p.name())) {
                masks.put(p.name(), unordered.masks().get(p.name()));
              }
            });
    return new ValuedWiring(unordered.wiring(), values, masks);
  }

  private void lay(WiredNode node) {
    BitSet out = kept.of(node.index());
    WiredLayer.Builder layer = node.layer().toBuilder();
    switch (node.kind()) {
      case CONVOLUTION, DENSE, CLASSIFIER -> matrix(node, layer, out);
      case DEPTHWISE -> {
        slices.depthwise(node, out);
        if (layer.getBias()) {
          slices.vector(node.name() + "/bias", out);
        }
        rewiring.put(node, layer);
      }
      case BIAS -> {
        slices.vector(node.name() + "/bias", out);
        rewiring.put(node, layer);
      }
      case BATCH_NORM -> {
        for (String p : List.of("/gamma", "/beta", "/moving_mean", "/moving_variance")) {
          slices.vector(node.name() + p, out);
        }
        rewiring.put(node, layer);
      }
      case SQUEEZE_EXCITE -> squeezeExcite(node, layer, out);
      case ADD -> add(node, layer, out);
      case PAD_CHANNELS -> pad(node, layer, out);
      case SCATTER_CHANNELS -> scatter(node, layer, out);
      default -> rewiring.put(node, layer);
    }
  }

  private void matrix(WiredNode node, WiredLayer.Builder layer, BitSet out) {
    int input = node.input();
    double[] shift =
        slices.matrix(
            node,
            node.kernels().get(0),
            kept.of(input),
            out,
            i -> slices.number(input, i),
            kept.carrier(input));
    String bias = node.name() + "/bias";
    // a BIAS layer beside a convolution may have a parameter of this name
    if (layer.getBias() || node.kind() != Kind.CONVOLUTION) {
      slices.bias(bias, out, shift);
    } else if (isShift(shift)) {
      WiredNode reader = onlyReader(node);
      if (reader.kind() == Kind.BATCH_NORM) {
        meanShifts.put(reader.name(), shift);
      } else if (reader.kind() == Kind.BIAS) {
        biasShifts.put(reader.name(), shift);
      } else if (old.values().containsKey(bias)) {
        rewiring.put(node, layer.setFilters(out.cardinality()));
        rewiring.put(node.index(), rest(node.name(), shift, rewiring.at(node.index())));
        return;
      } else {
        layer.setBias(true);
        slices.vector(bias, floats(shift));
      }
    }
    rewiring.put(node, layer.setFilters(out.cardinality()));
  }

  private static boolean isShift(double[] shift) {
    for (double s : shift) {
      if (s != 0) {
        return true;
      }
    }
    return false;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** The layer that alone reads another, which is not the logits; else that one itself. */
  private WiredNode onlyReader(WiredNode node) {
    List<Integer> readers = old.wiring().readers(node.index());
    boolean alone = readers.size() == 1 && old.wiring().logits().index() != node.index();
    return alone ? old.wiring().node(readers.get(0)) : node;
  }

  private void shiftBias(String layer, double[] shift) {
    float[] biases = slices.values().get(layer + "/bias").values();
    for (int i = 0; i < biases.length; i++) {
      biases[i] = (float) (biases[i] + shift[i]);
    }
  }

  private void shiftMean(String norm, double[] shift) {
    float[] mean = slices.values().get(norm + "/moving_mean").values();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (mean[i] - shift[i]);
    }
  }

  private void squeezeExcite(WiredNode node, WiredLayer.Builder layer, BitSet out) {
    String reduce = node.name() + "/reduce";
    String expand = node.name() + "/expand";
    BitSet units = kept.squeezed(node, out);
    if (units.isEmpty()) {
      units.set(0);
    }
    double[] shift =
        slices.matrix(
            node, reduce + "/kernel", out, units, i -> slices.number(node.input(), i), -1);
    slices.bias(reduce + "/bias", units, shift);
    slices.matrix(node, expand + "/kernel", units, out, i -> 0, -1);
    slices.vector(expand + "/bias", out);
    rewiring.put(node, layer.setFilters(units.cardinality()));
  }

  private void add(WiredNode node, WiredLayer.Builder layer, BitSet out) {
    int loose = kept.loose(node);
    if (loose < 0) {
      rewiring.put(node, layer);
      return;
    }
    int other = node.inputs().get(node.inputs().get(0) == loose ? 1 : 0);
    int sum = rewiring.at(other);
    if (kept.isAlive(loose)) {
      WiredLayer.Builder scatter =
          WiredLayer.newBuilder()
              .setKind(Kind.SCATTER_CHANNELS)
              .addInputs(rewiring.at(loose))
              .setFilters(out.cardinality());
      kept.of(loose).stream().forEach(c -> scatter.addPositions(out.get(0, c).cardinality()));
      int scattered = rewiring.put(loose, scatter);
      sum =
          rewiring.put(
              node.index(),
              WiredLayer.newBuilder().setKind(Kind.ADD).addInputs(sum).addInputs(scattered));
    }
    double[] rest = out.stream().mapToDouble(c -> slices.number(loose, c)).toArray();
    if (isShift(rest)) {
      sum = rewiring.put(node.index(), rest(producer(loose), rest, sum));
    }
    rewiring.leaveOut(node, sum);
  }

  /** A layer that adds what a removed one always gave. */
  private WiredLayer.Builder rest(String producer, double[] numbers, int input) {
    String name = free(producer + "/rest");
    slices.vector(name + "/bias", floats(numbers));
    return WiredLayer.newBuilder().setKind(Kind.BIAS).setName(name).addInputs(input);
  }

  /** The name, or with the first number that makes it another than all there are. */
  private String free(String name) {
    String candidate = name;
    for (int i = 2; !names.add(candidate); i++) {
      candidate = name + i;
    }
    return candidate;
  }

  /** The name of the layer that made what an unnamed one hands on. */
  private String producer(int index) {
    WiredNode node = old.wiring().node(index);
    return node.name().isEmpty() ? producer(node.input()) : node.name();
  }

  private void pad(WiredNode node, WiredLayer.Builder layer, BitSet out) {
    int first = layer.getBefore();
    int end = first + old.wiring().node(node.input()).channels();
    rewiring.put(
        node,
        layer
            .setBefore(out.get(0, first).cardinality())
            .setAfter(out.get(end, Math.max(end, out.length())).cardinality()));
  }

  private void scatter(WiredNode node, WiredLayer.Builder layer, BitSet out) {
    layer.clearPositions().setFilters(out.cardinality());
    kept.of(node.input()).stream()
        .map(node.layer()::getPositions)
        .forEach(p -> layer.addPositions(out.get(0, p).cardinality()));
    rewiring.put(node, layer);
  }

  private List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (WiredNode node : old.wiring().nodes()) {
      if (!node.kernels().isEmpty() && node.kind() != Kind.SQUEEZE_EXCITE) {
        boolean alive = kept.isAlive(node.index());
        int idle = 0;
        for (int c : kept.of(node.index()).stream().toArray()) {
          boolean used = kept.wanted(node.index()).get(c) && !kept.isKnown(node.index(), c);
          idle += alive && !used ? 1 : 0;
        }
        layers.add(
            new Layer(
                node.kernels().get(0),
                node.channels(),
                alive ? kept.of(node.index()).cardinality() : 0,
                idle));
      }
    }
    return layers;
  }
}
