package dev.jackpot.graph.wiring;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Which channels of a kernel's input are connected with which of its output: those between which at
 * least one weight is live, at whatever position of the window.
 */
public final class Connections {
  private final Map<String, BitSet[]> all = new LinkedHashMap<>();
  private final Map<String, BitSet[]> offCentre = new LinkedHashMap<>();

  private Connections() {}

  /**
   * Of every kernel of a wiring.
   *
   * @param live whether the weight at a row-major index is live, by the kernel's name
   */
  public static Connections of(Wiring wiring, Function<String, IntPredicate> live) {
    Connections connections = new Connections();
    wiring
        .kernels()
        .forEach(
            (kernel, node) -> {
              KernelShape shape = KernelShape.of(wiring, node, kernel);
              connections.add(kernel, shape, live.apply(kernel));
            });
    return connections;
  }

  private void add(String kernel, KernelShape shape, IntPredicate live) {
    BitSet[] off = rows(shape);
    BitSet[] centre = rows(shape);
    int index = 0;
    for (int position = 0; position < shape.positions(); position++) {
      for (BitSet row : position == shape.centre() ? centre : off) {
        for (int o = 0; o < shape.outputs(); o++) {
          if (live.test(index++)) {
            row.set(o);
          }
        }
      }
    }
    for (int i = 0; i < centre.length; i++) {
      centre[i].or(off[i]);
    }
    all.put(kernel, centre);
    offCentre.put(kernel, off);
  }

  private static BitSet[] rows(KernelShape shape) {
    BitSet[] rows = new BitSet[shape.inputs()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new BitSet(shape.outputs());
    }
    return rows;
  }

  /**
   * By input channel, the output channels it is connected with; nobody may change them. A depthwise
   * kernel's inputs have one output, 0.
   */
  public BitSet[] of(String kernel) {
    return all.get(kernel);
  }

  /** The same of the weights beside the window's centre: only these ever meet a zero border. */
  public BitSet[] offCentre(String kernel) {
    return offCentre.get(kernel);
  }
}
