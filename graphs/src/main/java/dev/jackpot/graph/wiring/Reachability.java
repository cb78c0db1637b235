package dev.jackpot.graph.wiring;

import dev.jackpot.config.proto.WiredLayer.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * What structure alone says is dead while a network trains: units that no live path of weights
 * reaches from the images, or that reach no logit; and the weights whose gradient is therefore
 * zero, whatever the images are. Ghost skips are not counted as paths.
 */
public final class Reachability {
  private final Wiring wiring;
  private final Connections connections;
  private final Function<String, IntPredicate> live;
  private final Signals signals;
  private final Needs needs;

  private Reachability(Wiring wiring, Function<String, IntPredicate> live, Constants constants) {
    this.wiring = wiring.requireKnown("reachability", "");
    this.live = live;
    connections = Connections.of(wiring, live);
    signals = Signals.training(wiring, connections, constants);
    needs = new Needs(wiring, connections, signals);
  }

  /**
   * Of live weights alone: biases and β are taken to be numbers that are not zero.
   *
   * @param live whether the weight at a row-major index is live, by the kernel's name: {@code k ->
   *     mask.of(k)::kept}
   * @throws dev.jackpot.config.JackpotException if the network has ops that are no layers
   */
  public static Reachability of(Wiring wiring, Function<String, IntPredicate> live) {
    return of(wiring, live, Constants.UNKNOWN);
  }

  /**
   * The same where biases and β are known: a unit that nothing reaches and whose φ(β) is 0 leaves
   * its readers without a gradient.
   */
  public static Reachability of(
      Wiring wiring, Function<String, IntPredicate> live, Constants constants) {
    return new Reachability(wiring, live, constants);
  }

  /**
   * The units of one kernel: channels of its output, or units.
   *
   * @param kernel its name
   * @param units all
   * @param unreached those that no live path leads to from the images: their output is the same for
   *     every image
   * @param unread those from which no live path leads to a logit: nothing of theirs has a gradient
   * @param dead those that are either
   */
  public record DeadUnits(String kernel, int units, BitSet unreached, BitSet unread, BitSet dead) {}

  /** The units of every kernel, in the network's order. */
  public List<DeadUnits> deadUnits() {
    List<DeadUnits> all = new ArrayList<>();
    wiring.kernels().forEach((kernel, node) -> all.add(deadUnits(kernel, node)));
    return all;
  }

  /** Number of dead units of all kernels. */
  public long deadUnitCount() {
    return deadUnits().stream().mapToLong(u -> u.dead().cardinality()).sum();
  }

  private DeadUnits deadUnits(String kernel, WiredNode node) {
    Ends ends = ends(kernel, node);
    int units = ends.output().channels();
    BitSet unreached = new BitSet(units);
    for (int o = 0; o < units; o++) {
      unreached.set(o, ends.output().signals()[o] != Signal.VARYING);
    }
    BitSet unread = new BitSet(units);
    unread.set(0, units);
    unread.andNot(ends.read());
    BitSet dead = (BitSet) unreached.clone();
    dead.or(unread);
    return new DeadUnits(kernel, units, unreached, unread, dead);
  }

  /**
   * Both sides of a kernel.
   *
   * @param input what it takes
   * @param output what its layer gives
   * @param read the units of it that matter
   * @param seen those of them that show a constant added to them
   */
  private record Ends(Lane input, Lane output, BitSet read, BitSet seen) {}

  private Ends ends(String kernel, WiredNode node) {
    BitSet out = needs.of(node.index());
    if (node.kind() != Kind.SQUEEZE_EXCITE) {
      return new Ends(
          signals.lane(node.input()), signals.lane(node.index()), out, needs.seen(node.index()));
    }
    if (kernel.endsWith("/reduce/kernel")) {
      BitSet units = needs.squeezed(node, out);
      return new Ends(signals.mean(node), signals.squeezed(node), units, units);
    }
    BitSet gates = needs.gates(node, out);
    return new Ends(signals.squeezed(node), signals.gate(node), gates, gates);
  }

  /**
   * The live weights of a kernel whose gradient is exactly zero: those into units that nothing
   * reads, and those from channels that are always 0.
   *
   * @return row-major indices
   */
  public BitSet deadWeights(String kernel) {
    return weights(kernel, (ends, input) -> alive(ends, input), false);
  }

  /**
   * The live weights of a kernel, beside {@link #deadWeights}, whose gradient is zero but for
   * rounding: they add a constant, which batch norm takes away again.
   *
   * @return row-major indices
   */
  public BitSet cancelledWeights(String kernel) {
    BitSet cancelled =
        weights(
            kernel,
            (ends, input) ->
                ends.input().signals()[input] == Signal.CONSTANT ? ends.seen() : alive(ends, input),
            true);
    cancelled.andNot(deadWeights(kernel));
    return cancelled;
  }

  /** The units to which a weight from this input may have a gradient. */
  private static BitSet alive(Ends ends, int input) {
    return ends.input().signals()[input] == Signal.ZERO ? new BitSet() : ends.read();
  }

  /** The live weights to units that are not alive. */
  private BitSet weights(
      String kernel, BiFunction<Ends, Integer, BitSet> aliveUnits, boolean centreOnly) {
    WiredNode node = wiring.kernels().get(kernel);
    Ends ends = ends(kernel, node);
    IntPredicate lives = live.apply(kernel);
    KernelShape shape = KernelShape.of(wiring, node, kernel);
    BitSet dead = new BitSet(shape.size());
    for (int i = 0; i < shape.inputs(); i++) {
      BitSet alive = aliveUnits.apply(ends, i);
      for (int o = 0; o < shape.outputs(); o++) {
        boolean isAlive = alive.get(node.kind() == Kind.DEPTHWISE ? i : o);
        for (int p = 0; !isAlive && p < shape.positions(); p++) {
          int index = shape.index(p, i, o);
          dead.set(index, lives.test(index) && (!centreOnly || p == shape.centre()));
        }
      }
    }
    return dead;
  }

  /** Number of live weights of all kernels whose gradient is exactly zero. */
  public long deadWeightCount() {
    return wiring.kernels().keySet().stream().mapToLong(k -> deadWeights(k).cardinality()).sum();
  }
}
