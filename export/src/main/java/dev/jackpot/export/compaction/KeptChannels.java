package dev.jackpot.export.compaction;

import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.graph.wiring.Connections;
import dev.jackpot.graph.wiring.Signals;
import dev.jackpot.graph.wiring.WiredNode;
import dev.jackpot.graph.wiring.Wiring;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which channels of each layer a compacted network keeps. Followed back from the logits: a layer
 * that mixes channels takes those that vary and have a live weight to a wanted channel; one that is
 * always the same number it takes as part of its bias. Numbers that meet a zero border cannot be
 * part of a bias: one channel that is always some number, the carrier, stays and takes the weights
 * of all others. Layers that do not mix channels keep the same ones as what they take.
 */
final class KeptChannels {
  /** A branch is scattered if it has at most this share of the sum's channels. */
  private static final double SCATTERED = .6;

  private final Wiring wiring;
  private final Connections connections;
  private final Signals signals;
  private final List<BitSet> wanted = new ArrayList<>();
  private final List<BitSet> kept = new ArrayList<>();
  private final BitSet alive = new BitSet();

  /** By the index of an addition: the input that is not tied to it. */
  private final Map<Integer, Integer> loose = new HashMap<>();

  KeptChannels(ValuedWiring network) {
    wiring = network.wiring();
    connections = network.connections();
    signals = network.signals();
    find();
    loosen();
    if (!loose.isEmpty()) {
      find();
    }
  }

  BitSet of(int node) {
    return kept.get(node);
  }

  /** Channels that some layer takes, without those that are kept only because others are. */
  BitSet wanted(int node) {
    return wanted.get(node);
  }

  boolean isAlive(int node) {
    return alive.get(node);
  }

  Signals signals() {
    return signals;
  }

  /** Which input of an addition stands loose of it; −1 for none. */
  int loose(WiredNode addition) {
    return loose.getOrDefault(addition.index(), -1);
  }

  /** The kept channels of an addition in which an input varies. */
  BitSet varying(WiredNode addition, int input) {
    BitSet channels = (BitSet) kept.get(addition.index()).clone();
    for (int c = channels.nextSetBit(0); c >= 0; c = channels.nextSetBit(c + 1)) {
      if (isKnown(input, c)) {
        channels.clear(c);
      }
    }
    return channels;
  }

  /** Whether the channel is always one number, and which is known. */
  boolean isKnown(int node, int channel) {
    return signals.isFlat(node, channel) && !Double.isNaN(signals.value(node, channel));
  }

  /** The channel that takes the weights of all that are always some number; −1 if none is. */
  int carrier(int node) {
    int best = -1;
    for (int c = 0; c < wiring.node(node).channels(); c++) {
      if (isKnown(node, c)
          && signals.value(node, c) != 0
          && (best < 0 || Math.abs(signals.value(node, c)) > Math.abs(signals.value(node, best)))) {
        best = c;
      }
    }
    return best;
  }

  private void find() {
    wanted.clear();
    kept.clear();
    alive.clear();
    wiring.nodes().forEach(n -> wanted.add(new BitSet(n.channels())));
    wanted.get(0).set(0, wiring.images().channels());
    wanted.get(wiring.logits().index()).set(0, wiring.logits().channels());
    alive.set(0);
    alive.set(wiring.logits().index());
    for (int i = wiring.nodes().size() - 1; i > 0; i--) {
      if (alive.get(i)) {
        back(wiring.node(i));
      }
    }
    for (int i = 0; i < wanted.size(); i++) {
      BitSet channels = (BitSet) wanted.get(i).clone();
      if (alive.get(i) && channels.isEmpty()) {
        channels.set(0); // a layer has at least one channel
      }
      kept.add(channels);
    }
    tie();
  }

  private void back(WiredNode node) {
    BitSet out = wanted.get(node.index());
    if (node.kind() == Kind.ADD) {
      for (int input : node.inputs()) {
        boolean isLoose = loose(node) == input;
        BitSet in = isLoose ? varyingWanted(out, input) : out;
        if (!isLoose || !in.isEmpty()) {
          alive.set(input);
          wanted.get(input).or(in);
        }
      }
      return;
    }
    int input = node.kind() == Kind.SKIP ? node.inputs().get(1) : node.input();
    alive.set(input);
    BitSet in = wanted.get(input);
    switch (node.kind()) {
      case CONVOLUTION, DENSE, CLASSIFIER -> mixed(node.kernels().get(0), input, out, in);
      case SQUEEZE_EXCITE -> {
        in.or(out);
        mixed(node.kernels().get(0), input, squeezed(node, out), in);
      }
      case PAD_CHANNELS, SCATTER_CHANNELS, FLATTEN -> {
        for (int c = 0; c < wiring.node(input).channels(); c++) {
          if (places(node, c).intersects(out)) {
            in.set(c);
          }
        }
      }
      default -> in.or(out);
    }
  }

  private BitSet varyingWanted(BitSet out, int input) {
    BitSet channels = (BitSet) out.clone();
    for (int c = out.nextSetBit(0); c >= 0; c = out.nextSetBit(c + 1)) {
      if (isKnown(input, c)) {
        channels.clear(c);
      }
    }
    return channels;
  }

  /** What a matrix takes of an input for these outputs. */
  private void mixed(String kernel, int input, BitSet out, BitSet in) {
    BitSet[] rows = connections.of(kernel);
    BitSet[] off = connections.offCentre(kernel);
    for (int i = 0; i < rows.length; i++) {
      if (!isKnown(input, i)) {
        if (rows[i].intersects(out)) {
          in.set(i);
        }
      } else if (signals.value(input, i) != 0 && off[i].intersects(out)) {
        in.set(carrier(input));
      }
    }
  }

  /** The units between a squeeze-excite's kernels that have a live weight to these gates. */
  BitSet squeezed(WiredNode node, BitSet out) {
    BitSet[] rows = connections.of(node.kernels().get(1));
    BitSet units = new BitSet();
    for (int s = 0; s < rows.length; s++) {
      units.set(s, rows[s].intersects(out));
    }
    return units;
  }

  /** Where a channel of the input lies in the output of a layer that places channels. */
  private BitSet places(WiredNode node, int channel) {
    BitSet places = new BitSet();
    switch (node.kind()) {
      case PAD_CHANNELS -> places.set(node.layer().getBefore() + channel);
      case SCATTER_CHANNELS -> places.set(node.layer().getPositions(channel));
      default -> {
        int channels = wiring.node(node.input()).channels();
        for (int i = channel; i < node.channels(); i += channels) {
          places.set(i);
        }
      }
    }
    return places;
  }

  /** Until every layer that does not mix channels keeps the same ones as what it takes. */
  private void tie() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (WiredNode node : wiring.nodes()) {
        if (node.index() > 0 && alive.get(node.index()) && !node.mixesChannels()) {
          changed |= tie(node);
        }
      }
    }
  }

  private boolean tie(WiredNode node) {
    BitSet out = kept.get(node.index());
    boolean changed = false;
    for (int k = node.kind() == Kind.SKIP ? 1 : 0; k < node.inputs().size(); k++) {
      int input = node.inputs().get(k);
      BitSet in = kept.get(input);
      if (node.kind() == Kind.ADD && loose(node) == input) {
        continue;
      }
      int before = in.cardinality() + out.cardinality();
      switch (node.kind()) {
        case PAD_CHANNELS, SCATTER_CHANNELS, FLATTEN -> {
          for (int c = 0; c < wiring.node(input).channels(); c++) {
            BitSet places = places(node, c);
            if (in.get(c) || places.intersects(out)) {
              in.set(c);
              out.or(places);
            }
          }
        }
        default -> {
          in.or(out);
          out.or(in);
        }
      }
      changed |= in.cardinality() + out.cardinality() > before;
    }
    return changed;
  }

  /** Finds the inputs of additions that go better without most of the sum's channels. */
  private void loosen() {
    for (WiredNode node : wiring.nodes()) {
      if (node.kind() != Kind.ADD || !alive.get(node.index())) {
        continue;
      }
      int best = -1;
      int fewest = Integer.MAX_VALUE;
      for (int input : node.inputs()) {
        int count = varying(node, input).cardinality();
        boolean own =
            wiring.readers(input).size() == 1
                && input != 0
                && !node.inputs().get(0).equals(node.inputs().get(1));
        boolean pays =
            count == 0
                || isWindow(input) && count <= SCATTERED * kept.get(node.index()).cardinality();
        if (own && pays && count < fewest) {
          best = input;
          fewest = count;
        }
      }
      if (best >= 0) {
        loose.put(node.index(), best);
      }
    }
  }

  /** Whether what a layer gives is made by a convolution with a window for it alone. */
  private boolean isWindow(int index) {
    WiredNode node = wiring.node(index);
    if (wiring.readers(index).size() != 1) {
      return false;
    }
    return switch (node.kind()) {
      case CONVOLUTION -> node.layer().getSize() > 1;
      case SKIP -> isWindow(node.inputs().get(1));
      case BATCH_NORM, BIAS -> isWindow(node.input());
      default -> false;
    };
  }
}
