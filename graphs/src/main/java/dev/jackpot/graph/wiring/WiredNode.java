package dev.jackpot.graph.wiring;

import dev.jackpot.config.proto.WiredLayer;
import dev.jackpot.config.proto.WiredLayer.Kind;
import java.util.List;
import java.util.Map;

/**
 * A layer of a wiring with the size of its output for one image.
 *
 * @param index its place among the wiring's layers
 * @param layer its kind and options
 * @param height of the output; 1 where it has no height
 * @param width of the output; 1 where it has no width
 * @param channels of the output, or its units
 */
public record WiredNode(int index, WiredLayer layer, int height, int width, int channels) {
  /** What follows the layer's name in the names of its kernels. */
  static final Map<Kind, List<String>> KERNELS =
      Map.of(
          Kind.CONVOLUTION, List.of("/kernel"),
          Kind.DEPTHWISE, List.of("/kernel"),
          Kind.DENSE, List.of("/kernel"),
          Kind.CLASSIFIER, List.of("/kernel"),
          Kind.SQUEEZE_EXCITE, List.of("/reduce/kernel", "/expand/kernel"));

  public Kind kind() {
    return layer.getKind();
  }

  public String name() {
    return layer.getName();
  }

  /** Indices of the layers it takes. */
  public List<Integer> inputs() {
    return layer.getInputsList();
  }

  /** Index of the one layer it takes, or of the first. */
  public int input() {
    return layer.getInputs(0);
  }

  /** Names of its kernels; none for a layer without weights. */
  public List<String> kernels() {
    return KERNELS.getOrDefault(kind(), List.of()).stream().map(s -> name() + s).toList();
  }

  /** Whether it multiplies all channels of its input by a matrix, at one position or several. */
  public boolean mixesChannels() {
    return kind() == Kind.CONVOLUTION || kind() == Kind.DENSE || kind() == Kind.CLASSIFIER;
  }

  /**
   * Whether it reads zeros beside its input where that ends, so that a constant input does not give
   * a constant output.
   */
  public boolean seesBorders() {
    return (kind() == Kind.CONVOLUTION || kind() == Kind.DEPTHWISE) && layer.getSize() > 1;
  }

  /** For messages: {@code layers[7] (CONVOLUTION layer1/0/conv1)}. */
  public String place() {
    return place(index, layer);
  }

  static String place(int index, WiredLayer layer) {
    String name = layer.getName().isEmpty() ? "" : " " + layer.getName();
    return "layers[%d] (%s%s)".formatted(index, layer.getKind(), name);
  }
}
