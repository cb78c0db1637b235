package dev.jackpot.graph.wiring;

import dev.jackpot.config.proto.WiredLayer.Kind;
import dev.jackpot.config.proto.WiringFile.Pooling;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which channels matter to the logits, followed from there back: a channel is needed if a path of
 * live weights leads from it to a logit. Beside it, of which channels a constant shift cannot be
 * seen: all their readers are batch norms by the batch's own statistics, or pass shifts on to such.
 */
public final class Needs {
  private final Wiring wiring;
  private final Connections connections;
  private final Signals signals;
  private final List<BitSet> needed = new ArrayList<>();
  private final List<BitSet> seen = new ArrayList<>();

  /** Follows them back from the logits. */
  public Needs(Wiring wiring, Connections connections, Signals signals) {
    this.wiring = wiring;
    this.connections = connections;
    this.signals = signals;
    for (WiredNode node : wiring.nodes()) {
      needed.add(new BitSet(node.channels()));
      seen.add(new BitSet(node.channels()));
    }
    int logits = wiring.logits().index();
    needed.get(logits).set(0, wiring.logits().channels());
    seen.get(logits).set(0, wiring.logits().channels());
    for (int i = wiring.nodes().size() - 1; i > 0; i--) {
      WiredNode node = wiring.node(i);
      back(node, needed, node.kind() == Kind.BATCH_NORM ? needed.get(i) : null);
      back(node, seen, node.kind() == Kind.BATCH_NORM ? new BitSet() : null);
      if (seesShifts(node)) {
        seen.get(node.input()).or(wanted(node, needed.get(i)));
      } else if (node.seesBorders()) {
        seen.get(node.input()).or(offCentre(node, needed.get(i)));
      }
    }
  }

  /** Which channels of a layer's output matter; nobody may change them. */
  public BitSet of(int node) {
    return needed.get(node);
  }

  /**
   * Which channels of a layer's output matter and show a constant added to them, in training;
   * nobody may change them.
   */
  public BitSet seen(int node) {
    return seen.get(node);
  }

  /** Whether the layer gives something else than a shift when its input is shifted. */
  private boolean seesShifts(WiredNode node) {
    return switch (node.kind()) {
      case RELU, RELU6, HARD_SIGMOID, HARD_SWISH, SQUEEZE_EXCITE -> true;
      case DROPOUT -> node.layer().getRate() > 0;
      case MAX_POOL ->
          wiring.file().getPooling() == Pooling.POOL_ZEROS && node.layer().getSize() > 2;
      default -> false;
    };
  }

  /** Hands on what a layer's output is wanted for to its inputs. */
  private void back(WiredNode node, List<BitSet> wants, BitSet instead) {
    if (node.inputs().isEmpty()) {
      return;
    }
    BitSet out = instead == null ? wants.get(node.index()) : instead;
    if (node.kind() == Kind.SKIP) {
      wants.get(node.inputs().get(1)).or(out);
      return;
    }
    wants.get(node.input()).or(wanted(node, out));
    if (node.kind() == Kind.ADD) {
      wants.get(node.inputs().get(1)).or(out);
    }
  }

  /** Which channels a convolution takes for these of its output where it may meet the border. */
  private BitSet offCentre(WiredNode node, BitSet out) {
    BitSet[] rows = connections.offCentre(node.kernels().get(0));
    BitSet in = new BitSet();
    for (int i = 0; i < rows.length; i++) {
      boolean depthwise = node.kind() == Kind.DEPTHWISE;
      in.set(i, depthwise ? out.get(i) && !rows[i].isEmpty() : rows[i].intersects(out));
    }
    return in;
  }

  /** Which channels of its first input a layer takes for these of its output. */
  private BitSet wanted(WiredNode node, BitSet out) {
    BitSet in = new BitSet();
    int channels = wiring.node(node.input()).channels();
    switch (node.kind()) {
      case CONVOLUTION, DENSE, CLASSIFIER -> {
        BitSet[] rows = connections.of(node.kernels().get(0));
        for (int i = 0; i < channels; i++) {
          in.set(i, rows[i].intersects(out));
        }
      }
      case DEPTHWISE -> {
        BitSet[] rows = connections.of(node.kernels().get(0));
        for (int i = out.nextSetBit(0); i >= 0; i = out.nextSetBit(i + 1)) {
          in.set(i, !rows[i].isEmpty());
        }
      }
      case SQUEEZE_EXCITE -> {
        in.or(out);
        in.or(reduced(node, squeezed(node, out)));
      }
      case PAD_CHANNELS ->
          in.or(out.get(node.layer().getBefore(), node.layer().getBefore() + channels));
      case SCATTER_CHANNELS -> {
        for (int i = 0; i < channels; i++) {
          in.set(i, out.get(node.layer().getPositions(i)));
        }
      }
      case FLATTEN -> {
        for (int i = out.nextSetBit(0); i >= 0; i = out.nextSetBit(i + 1)) {
          in.set(i % channels);
        }
      }
      default -> in.or(out);
    }
    return in;
  }

  /** The gates that matter: those of needed channels that are not always zero. */
  BitSet gates(WiredNode node, BitSet out) {
    BitSet gates = (BitSet) out.clone();
    for (int c = out.nextSetBit(0); c >= 0; c = out.nextSetBit(c + 1)) {
      if (signals.of(node.input(), c) == Signal.ZERO) {
        gates.clear(c);
      }
    }
    return gates;
  }

  /** Which units between a squeeze-excite's two kernels matter. */
  BitSet squeezed(WiredNode node, BitSet out) {
    BitSet gates = gates(node, out);
    BitSet[] rows = connections.of(node.name() + "/expand/kernel");
    BitSet units = new BitSet();
    for (int s = 0; s < rows.length; s++) {
      units.set(s, rows[s].intersects(gates));
    }
    return units;
  }

  private BitSet reduced(WiredNode node, BitSet units) {
    BitSet[] rows = connections.of(node.name() + "/reduce/kernel");
    BitSet in = new BitSet();
    for (int i = 0; i < rows.length; i++) {
      in.set(i, rows[i].intersects(units));
    }
    return in;
  }
}
