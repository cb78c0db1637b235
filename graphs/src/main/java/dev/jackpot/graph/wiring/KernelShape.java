package dev.jackpot.graph.wiring;

/**
 * A kernel's axes, in the order in which its weights lie: window, inputs, outputs.
 *
 * @param positions of its window
 * @param inputs channels or units it takes
 * @param outputs channels or units it gives; 1 of a depthwise kernel, for each of its inputs
 */
public record KernelShape(int positions, int inputs, int outputs) {
  /** Of a kernel of a layer. */
  public static KernelShape of(Wiring wiring, WiredNode node, String kernel) {
    int window = node.layer().getSize() * node.layer().getSize();
    int in = wiring.node(node.input()).channels();
    return switch (node.kind()) {
      case CONVOLUTION -> new KernelShape(window, in, node.channels());
      case DEPTHWISE -> new KernelShape(window, in, 1);
      case DENSE, CLASSIFIER -> new KernelShape(1, in, node.channels());
      case SQUEEZE_EXCITE ->
          kernel.endsWith("/reduce/kernel")
              ? new KernelShape(1, in, node.layer().getFilters())
              : new KernelShape(1, node.layer().getFilters(), in);
      default -> throw new IllegalArgumentException(node.place() + " has no kernel " + kernel);
    };
  }

  /** The position in the window that lies on the pixel itself. */
  public int centre() {
    return positions / 2;
  }

  /** Number of weights. */
  public int size() {
    return positions * inputs * outputs;
  }

  /** Row-major index of a weight. */
  public int index(int position, int input, int output) {
    return (position * inputs + input) * outputs + output;
  }
}
